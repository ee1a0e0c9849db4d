"""What each person was asked for, by whichever part of Vertebra: nobody is asked more than twice a week."""

from django.db import models


class Ask(models.Model):
    """One person was asked for something on a day (an answer, an interview, a reading); never what they answered."""

    person = models.ForeignKey("org.Person", on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=30)
    object_id = models.BigIntegerField()
    on = models.DateField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("person", "kind", "object_id"), name="an_ask_is_noted_once"),
        )
        indexes = (models.Index(fields=("on", "person"), name="asks_of_a_week"),)

    def __str__(self) -> str:
        return f"{self.kind} {self.object_id} asked on {self.on}"
