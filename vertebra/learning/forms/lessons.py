"""What people write of lessons: about what, what it says in a language, to whom it is given."""

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from vertebra.kit.forms import InPlace
from vertebra.learning.queries.images import NotAnImage, kind_of
from vertebra.org.forms.fields import DayField, PersonField, PlaceField
from vertebra.org.labels import MandateRole
from vertebra.org.queries.care import Areas
from vertebra.releases.labels.releases import UPCOMING
from vertebra.releases.models import Audience, Release
from vertebra.roadmap.models import Feature

ANSWERS = 4
LARGEST_IMAGE = 2 * 1024 * 1024


class LessonForm(InPlace):
    """A lesson: what one learns, and about what."""

    title = forms.CharField(label=gettext_lazy("What one learns"), max_length=200)
    minutes = forms.IntegerField(label=gettext_lazy("Minutes"), min_value=1, max_value=60, initial=3)
    release = forms.ModelChoiceField(
        Release.objects.none(),
        label=gettext_lazy("Release"),
        required=False,
        empty_label=gettext_lazy("of no release in particular"),
        help_text=gettext_lazy("Its briefs are the first text of the lesson, in each of their languages."),
    )
    feature = forms.ModelChoiceField(
        Feature.objects.none(), label=gettext_lazy("Feature"), required=False, empty_label="—"
    )
    area = forms.Field()
    owner = PersonField(label=gettext_lazy("Kept true by"), required=False)
    language = forms.ChoiceField(label=gettext_lazy("Language"), choices=settings.LANGUAGES)

    def __init__(self, *args: Any, areas: Areas, is_new: bool = True, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["area"] = PlaceField(
            areas.all(), str(_("No area in particular")), label=gettext_lazy("Area"), required=False
        )
        features = Feature.objects.filter(archived_at=None)
        self.fields["feature"].queryset = features  # type: ignore[attr-defined]
        releases = Release.objects.filter(state__in=UPCOMING, archived_at=None).order_by("planned_on", "pk")
        self.fields["release"].queryset = releases  # type: ignore[attr-defined]
        if not is_new:
            del self.fields["release"]
        if not features.exists():
            del self.fields["feature"]


class TextForm(forms.Form):
    """What a lesson says in one language."""

    title = forms.CharField(label=gettext_lazy("What one learns"), max_length=200)
    body = forms.CharField(
        label=gettext_lazy("Text"),
        max_length=20_000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 12}),
        help_text=gettext_lazy("What is new, for whom, what to do. Markdown is understood."),
    )
    video_address = forms.URLField(
        label=gettext_lazy("Address of a video"),
        max_length=500,
        required=False,
        assume_scheme="https",
        help_text=gettext_lazy("It is opened where it is: nothing of it is loaded here."),
    )
    image = forms.FileField(
        label=gettext_lazy("Image"), required=False, help_text=gettext_lazy("PNG, JPEG or WebP, up to 2 MB.")
    )
    no_image = forms.BooleanField(label=gettext_lazy("Take the image away"), required=False)
    image_words = forms.CharField(
        label=gettext_lazy("What the image shows"),
        max_length=300,
        required=False,
        help_text=gettext_lazy("For those who do not see it."),
    )
    question = forms.CharField(
        label=gettext_lazy("The one question"),
        max_length=300,
        required=False,
        help_text=gettext_lazy("One that somebody who understood answers without thinking twice."),
    )
    right = forms.TypedChoiceField(
        label=gettext_lazy("The right answer"),
        choices=[(number, str(number + 1)) for number in range(ANSWERS)],
        coerce=int,
        initial=0,
        widget=forms.RadioSelect,
    )
    explanation = forms.CharField(
        label=gettext_lazy("Why"),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("Read after the answer, right or wrong."),
    )

    def __init__(self, *args: Any, has_image: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        answers = {
            f"choice_{number}": forms.CharField(
                label=_("Answer %(number)d") % {"number": number + 1}, max_length=200, required=False
            )
            for number in range(ANSWERS)
        }
        self.fields.update(answers)
        self.order_fields([*list(self.fields)[:7], *answers, "right", "explanation"])
        if not has_image:
            del self.fields["no_image"]

    def clean_image(self) -> Any:
        """An image is one, whatever its name says."""
        given = self.cleaned_data.get("image")
        if given is None or not hasattr(given, "read"):
            return None
        if given.size > LARGEST_IMAGE:
            raise forms.ValidationError(_("The image is larger than 2 MB: make it smaller first."))
        try:
            kind_of(given.read(16))
        except NotAnImage as wrong:
            raise forms.ValidationError(
                _("This is no PNG, JPEG or WebP image: save it as one of these first.")
            ) from wrong
        given.seek(0)
        return given

    def clean(self) -> dict[str, Any]:
        """Answers stand in a row without holes; the right one is among them."""
        given: dict[str, Any] = super().clean() or {}
        written = [(at, " ".join(given.get(f"choice_{at}", "").split())) for at in range(ANSWERS)]
        chosen = [(at, text) for at, text in written if text]
        given["choices"] = [text for _at, text in chosen]
        places = [at for at, _text in chosen]
        right = given.get("right", 0)
        if chosen and right not in places:
            self.add_error("right", _("Choose the right one among the answers that are written."))
        given["right"] = places.index(right) if right in places else 0
        if given.get("image") and not given.get("image_words"):
            self.add_error("image_words", _("Say in a few words what the image shows."))
        return given


class GiveForm(forms.Form):
    """To whom something is given, by when."""

    audience = forms.ModelChoiceField(
        Audience.objects.none(), label=gettext_lazy("Audience"), required=False, empty_label="—"
    )
    role = forms.ChoiceField(
        label=gettext_lazy("Or those who hold a mandate"),
        choices=[("", "—"), *MandateRole.choices],
        required=False,
    )
    due_on = DayField(
        label=gettext_lazy("To be taken by"),
        required=False,
        help_text=gettext_lazy("Left empty: the day before its release, or two weeks."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = Audience.objects.filter(archived_at=None).order_by("name")
        self.fields["audience"].queryset = rows  # type: ignore[attr-defined]


class ExpiryForm(forms.Form):
    """Why what a lesson tells holds no more."""

    note = forms.CharField(label=gettext_lazy("What changed, in one sentence"), max_length=500)
