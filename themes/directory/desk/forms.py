"""The form of a service, and of the people who edit for a provider."""

import uuid
from collections.abc import Mapping, Sequence
from typing import Any, Final

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext as _lp
from flask_wtf import FlaskForm
from wtforms import BooleanField, Field, HiddenField, RadioField
from wtforms.validators import InputRequired

from servicetray.core.i18n import LANGUAGES
from themes.directory import easy
from themes.directory.desk.hindrances import Hindrance
from themes.directory.desk.labels import NEEDS, TEXTS
from themes.directory.desk.operations import Edit
from themes.directory.desk.texts import typed_over
from themes.directory.labels import ACCESSIBILITY, FORMS, LIFE_STAGES, PRICES, TARGET_GROUPS
from themes.directory.models import Facet, Price, Service
from themes.happenings.fields import Boxes, OneOfList, box, choices, line
from themes.happenings.forms import SPOKEN

_LONGEST: Final = 5000
_BOXES: Final = {
    Facet.MUNICIPALITY: "municipalities",
    Facet.LIFE_STAGE: "life_stages",
    Facet.TARGET_GROUP: "target_groups",
    Facet.FORM: "forms",
    Facet.ACCESSIBILITY: "accessibility",
    Facet.LANGUAGE: "languages",
}
_FIELD_OF: Final = {
    Hindrance.NAMELESS: f"name_{LANGUAGES[0]}",
    Hindrance.NO_FINNISH: "name_fi",
    Hindrance.NO_SWEDISH: "name_sv",
    Hindrance.NO_THEME: "themes",
    Hindrance.ELSEWHERE: "municipalities",
}
"""Where on the form stands what a published service can't be without; a way on has pages of its own."""
ROWS: Final[Mapping[str, int]] = {
    "description": 6,
    "instructions": 3,
    "for_whom": 2,
    "whenabouts": 2,
    "whereabouts": 2,
    "price_details": 2,
    "easy": 10,
}
"""Lines of the texts that take more than one."""
_ADVICE: Final = _l(
    "Write short sentences. An empty line begins a new paragraph.\n"
    "Tell one thing in a sentence.\n"
    "Use everyday words: what it is, for whom, where, when, what it costs, whom to call."
)


def _text(name: str) -> Any:
    if name == "easy":
        return box(TEXTS[name], most=easy.LONGEST, description=_ADVICE)
    if name in ROWS:
        return box(TEXTS[name], most=_LONGEST)
    return line(TEXTS[name], most=300)


class GiveBackForm(FlaskForm):
    """What is to be mended before a service is published."""

    to_mend = box(_l("What is to be mended?"), _l("Write what is to be mended."), most=500)


# WTForms keeps fields, and tells what is wrong with them, in the order in which they were made: that of the page.
class _Provided(FlaskForm):
    provider = OneOfList(_l("Provider"), default="")


class _InLanguages(FlaskForm):
    """The texts of a service in each language."""


for _code in LANGUAGES:
    for _name in TEXTS:
        setattr(_InLanguages, f"{_name}_{_code}", _text(_name))


class ServiceForm(_InLanguages):
    """A service. It needs a name in one language; in others it falls back on what there is, visibly."""

    seen = HiddenField()
    themes = Boxes(
        _lp("service field", "Themes"),
        description=_l("The first one that is ticked gives the page its colour."),
    )
    municipalities = Boxes(
        _lp("service field", "Municipalities"),
        description=_l("Tick them all if it is for the whole county."),
    )
    life_stages = Boxes(_lp("service field", "Stages of life"), choices=choices(LIFE_STAGES))
    target_groups = Boxes(_lp("service field", "Target groups"), choices=choices(TARGET_GROUPS))
    forms = Boxes(_lp("service field", "How it is given"), choices=choices(FORMS))
    languages = Boxes(_lp("service field", "Languages in which it is given"), choices=choices(SPOKEN))
    accessibility = Boxes(_lp("service field", "Accessibility"), choices=choices(ACCESSIBILITY))
    price = RadioField(
        _lp("service field", "Price"),
        choices=choices(PRICES),
        validators=[InputRequired(_l("Choose what it costs."))],
    )
    kaikukortti = BooleanField(_l("Kaikukortti is taken"))
    confirmed = BooleanField(_l("I have read all of it, and everything holds today"))

    def offer(
        self, *, municipalities: Sequence[tuple[str, str]], themes: Sequence[tuple[str, str]], may_theme: bool
    ) -> None:
        """Set what the form lets one choose; only editors of content choose themes."""
        self.municipalities.choices = choices(dict(municipalities))
        if may_theme:
            self.themes.choices = choices(dict(themes))
        else:
            del self.themes

    def refuse(self, lacks: Sequence[Hindrance]) -> None:
        """Say at its field what a service that residents see can't be without."""
        for lack in lacks:
            name = _FIELD_OF.get(lack, "")
            if name in self:
                self[name].errors = [*self[name].errors, NEEDS[lack].sentence]
            else:
                self.form_errors.append(NEEDS[lack].sentence)

    def validate(self, extra_validators: Any = None) -> bool:
        """Check each field, and that there is a name."""
        fine = bool(super().validate(extra_validators))
        if not any(self[f"name_{code}"].data for code in LANGUAGES):
            first: Field = self[f"name_{LANGUAGES[0]}"]
            first.errors = [*first.errors, _("Write the name in one language at least.")]
            return False
        return fine

    def is_stale(self, mark: str) -> bool:
        """Whether somebody has changed it since the form was shown; says so, and takes the new mark."""
        if self.seen.data == mark:
            return False
        self.seen.data = mark
        self.form_errors.append(
            _("Somebody has changed this since you opened it. Your text is here: compare, and keep it again.")
        )
        return True

    def edit(self, service: Service | None, slugs: Mapping[int, str]) -> Edit:
        """Return what the form says of a service, or of a new one; ``slugs`` of all themes by id.

        Values that the form has no box for stay, and so do texts in other languages.
        """
        themes: Boxes | None = getattr(self, "themes", None)
        return Edit(
            texts={name: self._texts(name, getattr(service, name) if service else {}) for name in TEXTS},
            price=Price(self.price.data),
            kaikukortti=self.kaikukortti.data,
            facets={
                facet: {*self[name].data, *(_strange(service, facet, self[name]) if service else ())}
                for facet, name in _BOXES.items()
            },
            themes=None if themes is None else _in_order(themes, service, slugs),
        )

    def _texts(self, name: str, before: Mapping[str, str]) -> dict[str, str]:
        return typed_over({code: self[f"{name}_{code}"].data for code in LANGUAGES}, before)


class NewServiceForm(_Provided, ServiceForm):
    """A service that is not there yet: whose it is, too."""

    def offer_providers(self, providers: Sequence[tuple[uuid.UUID, str]]) -> None:
        """Set whose service it may be; who writes for one provider alone has nothing to say."""
        self.provider.choices = choices({"": "", **{str(key): name for key, name in providers}})
        if len(providers) == 1:
            self.provider.data = str(providers[0][0])

    def validate(self, extra_validators: Any = None) -> bool:
        """Check each field, and that it has a provider."""
        fine = bool(super().validate(extra_validators))
        if not self.provider.data:
            self.provider.errors = [_("Choose who arranges it.")]
            return False
        return fine


class EditorForm(FlaskForm):
    """Somebody who is to edit for a provider."""

    email = line(
        _lp("provider editor", "E-mail address"),
        _l("Write the address that they sign in with."),
        most=254,
        description=_l("They need an account whose role is editor of a provider. An administrator makes it."),
    )


def filled(service: Service, slugs: Mapping[int, str], *, mark: str) -> dict[str, Any]:
    """Return what stands in the form of a service before anybody changes it."""
    values: dict[str, Any] = {
        f"{name}_{code}": getattr(service, name).get(code, "") for name in TEXTS for code in LANGUAGES
    }
    for facet, name in _BOXES.items():
        values[name] = [row.value for row in service.facets if row.facet is facet]
    ordered = sorted(service.themes, key=lambda row: row.position)
    return {
        **values,
        "seen": mark,
        "price": service.price.value,
        "kaikukortti": service.kaikukortti,
        "themes": [slugs[row.theme_id] for row in ordered if row.theme_id in slugs],
    }


def _strange(service: Service, facet: Facet, field: Boxes) -> set[str]:
    offered = _values(field)
    return {row.value for row in service.facets if row.facet is facet and row.value not in offered}


def _values(field: Boxes) -> set[str]:
    offered: Any = field.choices or ()
    return {str(choice.value) for choice in offered}


def _in_order(field: Boxes, service: Service | None, slugs: Mapping[int, str]) -> Sequence[str]:
    """Return the chosen themes: those it had in their order, the main one first, then the new ones."""
    offered = _values(field)
    rows = sorted(service.themes, key=lambda row: row.position) if service else ()
    before = [slugs[row.theme_id] for row in rows]
    chosen = list(field.data or ())
    stay = [slug for slug in before if slug in chosen or slug not in offered]
    return [*stay, *(slug for slug in chosen if slug not in stay)]
