"""What binds any two objects, people and words: thread, comments, watches, saved views and search."""

from django.db import models
from django.db.models import Q

from vertebra.accounts import labels
from vertebra.accounts.models.users import User


class Link(models.Model):
    """One step of the golden thread between two objects; ended, never deleted."""

    from_kind = models.CharField(max_length=30, choices=labels.Kind)
    from_id = models.BigIntegerField()
    to_kind = models.CharField(max_length=30, choices=labels.Kind)
    to_id = models.BigIntegerField()
    relation = models.CharField(max_length=30, choices=labels.Relation)
    made_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    why = models.CharField(max_length=500, blank=True)
    since_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("from_kind", "from_id", "to_kind", "to_id", "relation"), name="one_link_per_relation"
            ),
        )
        indexes = (
            models.Index(
                fields=(
                    "to_kind",
                    "to_id",
                ),
                name="links_read_backwards",
            ),
        )


class Comment(models.Model):
    """What somebody says of an object, as Markdown, in their language."""

    kind = models.CharField(max_length=30, choices=labels.Kind)
    object_id = models.BigIntegerField()
    author = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    author_name = models.CharField(max_length=200)
    body = models.TextField(max_length=20_000)
    language = models.CharField(max_length=5)
    at = models.DateTimeField()
    edited_at = models.DateTimeField(null=True)
    archived_at = models.DateTimeField(null=True)

    class Meta:
        indexes = (
            models.Index(
                fields=(
                    "kind",
                    "object_id",
                    "id",
                ),
                name="comments_of_an_object",
            ),
        )


class Watch(models.Model):
    """Somebody follows an object and is told of what changes in it."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="watches")
    kind = models.CharField(max_length=30, choices=labels.Kind)
    object_id = models.BigIntegerField()
    since_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("user", "kind", "object_id"), name="an_object_watched_once"),
        )
        indexes = (
            models.Index(
                fields=(
                    "kind",
                    "object_id",
                ),
                name="watchers_of_an_object",
            ),
        )


class SavedView(models.Model):
    """A named set of filters, columns and order of one list, for oneself or shared with all."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="saved_views")
    page = models.CharField(max_length=60)
    name = models.CharField(max_length=100)
    query = models.CharField(max_length=2000, blank=True)
    is_shared = models.BooleanField(default=False)
    created_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("user", "page", "name"), name="one_view_per_name_and_page"),
        )
        indexes = (
            models.Index(fields=("page",), condition=Q(is_shared=True), name="shared_views_of_a_page"),
        )


class SearchEntry(models.Model):
    """What search knows of one object: lemmas without accents, folded title, and the right that opens it."""

    kind = models.CharField(max_length=30, choices=labels.Kind)
    object_id = models.BigIntegerField()
    title = models.CharField(max_length=300)
    title_folded = models.CharField(max_length=300, db_index=True)
    detail = models.CharField(max_length=300, blank=True)
    language = models.CharField(max_length=5)
    lemmas = models.TextField()
    right = models.CharField(max_length=30)
    updated_at = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=("kind", "object_id"), name="an_object_indexed_once"),)
