"""The one router on which every file of this package puts its routes (two routers cannot share an address)."""

from ninja import Router

router = Router(tags=["organisation"])
