"""The one-page form of a referral, and the small ones beside it."""

import re
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, Field, HiddenField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # the stubs are older than the library
from wtforms.validators import Length, StopValidation

from referrals.consent import Basis, ConsentProblem, Contact, Giver, Method, Parties
from referrals.county.sending import labels
from referrals.county.sending.fields import AnyOf, OneInList, OneOf, TextBox, TextLine
from referrals.county.sending.labels import BestTime, CancelReason, ClientLanguage
from referrals.county.sending.openings import Opening
from referrals.kinds.queries import Choice
from referrals.moves import ContactChannel, Priority
from servicetray.core.db import in_language
from servicetray.core.i18n import LANGUAGES
from servicetray.core.pages import Text

LONGEST_TEXT = 300
LONGEST_CODE = 20
YES, NO = "yes", "no"
NO_TIME = ""
"""The adviser calls when it suits."""
AT_HOME = ""
"""The client is counselled in the home municipality."""
YEAR = re.compile(r"[0-9]{4}")


@dataclass(frozen=True, kw_only=True)
class Offer:
    """What can be chosen today for one kind of referral."""

    openings: Sequence[Opening]
    reasons: Sequence[Choice]
    interests: Sequence[Choice]
    language: str
    """The language of the page."""
    times: Sequence[tuple[str, Text]] = ()
    """Free call times of the municipality chosen: id and words."""
    more_times: bool = False
    """Whether there are more than these."""

    def opening(self, code: str | None) -> Opening | None:
        """Return the municipality of a code, whether it is open or not."""
        return next((each for each in self.openings if each.code == code), None)

    @property
    def elsewhere(self) -> Sequence[Opening]:
        """The municipalities that take clients of others today."""
        return [
            each for each in self.openings if each.is_open and each.route and each.route.takes_non_residents
        ]

    @property
    def homes(self) -> Sequence[Opening]:
        """The home municipalities from which somebody can be referred: all, where one takes clients of others."""
        anywhere = bool(self.elsewhere)
        return [each for each in self.openings if each.is_open or anywhere]

    def name_of(self, choice: Choice) -> str:
        """Return a reason's or an interest's name in the language of the page."""
        return in_language(choice.name, self.language).text

    @property
    def unspecified(self) -> frozenset[str]:
        """The reasons that stand alone ("en halua eritellä")."""
        return frozenset(each.code for each in self.reasons if each.unspecified)


NEVER_KEPT = frozenset(
    {"csrf_token", "form_key", "owner", "card_code", "more_times", "send_anyway", "invented", "read_for"}
)
"""What a draft does not keep: it is of one showing of the form."""


class Filled:
    """The field must be filled in; the sentence says with what."""

    field_flags: Mapping[str, Any] = {"required": True}

    def __init__(self, sentence: Any) -> None:
        self.sentence = sentence

    def __call__(self, form: Any, field: Field) -> None:
        """Stop at an empty field."""
        del form
        if not field.data:
            raise StopValidation(str(self.sentence))


class AtMost(Length):
    """A text of at most so many signs; the browser is told, too."""

    def __init__(self, most: int) -> None:
        super().__init__(max=most, message=_l("That is too long: at most %(max)d characters."))


def _words(labelled: Mapping[Any, Any]) -> list[SelectChoice]:
    return [SelectChoice(value=member.value, label=words) for member, words in labelled.items()]


def _yes_no() -> list[SelectChoice]:
    return [SelectChoice(value=YES, label=_l("Yes")), SelectChoice(value=NO, label=_l("No"))]


def yes_or_no(question: Any, hint: Any, sentence: Any) -> OneOf:
    """Return a question without a default; ``sentence`` is said where it has no answer."""
    return OneOf(
        question,
        description=hint,
        choices=_yes_no(),
        validators=[Filled(sentence)],
    )


def _times(offer: Offer) -> list[SelectChoice]:
    none = SelectChoice(value=NO_TIME, label=_l("No, the adviser contacts the client when it suits"))
    return [none, *(SelectChoice(value=time_id, label=words) for time_id, words in offer.times)]


class ReferralForm(FlaskForm):
    """Everything that is asked for a referral, in the order in which it is asked."""

    form_key = HiddenField()
    owner = HiddenField()
    """Whose form it is, so that a form left open on a shared computer never becomes somebody else's."""
    no_consent: Text = labels.PROBLEMS[ConsentProblem.NOT_GIVEN]
    """What is said where the permission is not marked."""
    practice = HiddenField()
    """Whether the form was opened in practice: it is sent in the same mode, or not at all."""
    text_language = HiddenField()
    text_version = HiddenField()

    card_code = TextLine(
        _l("Code of the wellbeing card"),
        description=_l("Eight letters and digits on the card. What is on it goes into the client's wish."),
        validators=[AtMost(LONGEST_CODE)],
    )

    municipality = OneOf(
        _l("The client's home municipality"), choices=[], validators=[Filled(_l("Choose the municipality."))]
    )

    elsewhere = OneInList(
        _l("Counselled in another municipality?"),
        description=_l("For example, if the client studies or works there. These take clients of others."),
        choices=[],
        default=AT_HOME,
    )
    read_for = HiddenField()
    """Which other municipality the words to read aloud named."""

    first_name = TextLine(_l("First name"), validators=[Filled(_l("Write the first name.")), AtMost(60)])
    last_name = TextLine(_l("Last name"), validators=[Filled(_l("Write the last name.")), AtMost(60)])
    birth_year = TextLine(
        _l("Year of birth"),
        description=_l("Don't write a personal identity code."),
        validators=[Filled(_l("Write the year of birth."))],
    )
    language = OneInList(
        _l("Language of service"), choices=_words(labels.LANGUAGES), default=ClientLanguage.FINNISH.value
    )
    other_language = TextLine(_l("Which language?"), validators=[AtMost(60)])
    interpreter = TextLine(
        _l("Interpreter or aids"),
        description=_l("For example: interpreter into Arabic, hearing aid, pictures."),
        validators=[AtMost(100)],
    )

    channels = AnyOf(
        _l("How may the adviser contact the client?"),
        description=_l("Mark each way that the client allows. At least one."),
        choices=_words(labels.CHANNELS),
        validators=[Filled(_l("Mark at least one way that the client allows."))],
    )
    phone = TextLine(_l("Phone"), validators=[AtMost(40)])
    best_time = OneInList(
        _l("When is a good time to call?"), choices=_words(labels.BEST_TIMES), default=BestTime.ANY.value
    )
    email = TextLine(_l("E-mail"), validators=[AtMost(200)])
    address = TextLine(_l("Postal address"), validators=[AtMost(200)])
    contact_name = TextLine(_l("Contact person's name"), validators=[AtMost(80)])
    contact_relation = TextLine(
        _l("Relation to the client"),
        description=_l("For example: daughter, guardian, own worker."),
        validators=[AtMost(60)],
    )
    contact_phone = TextLine(_l("Contact person's phone"), validators=[AtMost(40)])
    call_time = OneOf(_l("Does the client want to choose a time now?"), choices=[], default=NO_TIME)
    more_times = HiddenField()

    reasons = AnyOf(
        _l("Choose one or more with the client"),
        choices=[],
        validators=[Filled(_l("Choose at least one reason. “Rather not say” will do."))],
    )
    interests = AnyOf(_l("What is the client interested in?"), choices=[])
    own_wish = TextBox(
        _l("What does the client wish for?"),
        description=_l("At most 300 characters."),
        validators=[AtMost(LONGEST_TEXT)],
    )
    what_to_heed = TextBox(
        _l("What is good to take into account?"),
        description=_l("Tell what works and what doesn't. No diagnoses, medicines or measurements."),
        validators=[AtMost(LONGEST_TEXT)],
    )
    priority = OneOf(_l("How soon?"), choices=_words(labels.PRIORITIES), default=Priority.NORMAL.value)

    consent_given = BooleanField(_l("The client gave permission to send this referral"))
    method = OneOf(
        _l("How was the permission given?"), choices=_words(labels.METHODS), default=Method.ORAL.value
    )
    interpreted_by = TextLine(
        _l("Who interpreted the text to the client?"),
        description=_l("Only if somebody did."),
        validators=[AtMost(100)],
    )
    giver = OneOf(_l("Who gave the permission?"), choices=_words(labels.GIVERS), default=Giver.CLIENT.value)
    basis = OneOf(_l("On what basis?"), choices=_words(labels.BASES))
    contact = OneOf(_l("Whom does the adviser contact first?"), choices=_words(labels.CONTACTS))
    guardians_may_be_told = OneOf(
        _l("May guardians be told of the referral?"),
        description=_l("Nothing goes to a guardian unless the answer is yes."),
        choices=_yes_no(),
    )
    feedback = yes_or_no(
        _l("May I be told how the counselling went?"),
        _l("Without a yes you see only that the municipality has received it."),
        _l("Ask whether you may be told how it went, and choose yes or no."),
    )
    follow_up = yes_or_no(
        _l("May the adviser ask how things are after 3, 6 and 12 months?"),
        _l("The adviser asks, not your unit."),
        _l("Ask about the later calls, and choose yes or no."),
    )
    transfer = yes_or_no(
        _l("May the referral be moved to another municipality if the client moves?"),
        _l("It is moved with this permission alone."),
        _l("Ask about moving to another municipality, and choose yes or no."),
    )
    protected = BooleanField(
        _l("Protected client"),
        description=_l("For a non-disclosure order or another need of safety. Don't write why."),
    )
    invented = BooleanField(
        _l("The client and everything written here is invented"),
        description=_l("This is practice. It is never counted, and is removed in a week."),
    )
    send_anyway = BooleanField(_l("I have looked at it, send this one too"))

    def __init__(self, *, offer: Offer, **kwargs: Any) -> None:
        """Make the form with what can be chosen today."""
        self.offer = offer
        super().__init__(**kwargs)

    def process(self, *args: Any, **kwargs: Any) -> None:
        """Give the fields their choices, then take in what was typed: an answer counts if it is offered."""
        offer = self.offer
        self.municipality.choices = [SelectChoice(value=each.code, label=each.name) for each in offer.homes]
        at_home = SelectChoice(value=AT_HOME, label=_l("No, in the home municipality"))
        self.elsewhere.choices = [
            at_home,
            *(
                SelectChoice(value=each.code, label=f"{each.name}: {each.unit_name}")
                for each in offer.elsewhere
            ),
        ]
        self.reasons.choices = [
            SelectChoice(value=each.code, label=offer.name_of(each)) for each in offer.reasons
        ]
        self.interests.choices = [
            SelectChoice(value=each.code, label=offer.name_of(each)) for each in offer.interests
        ]
        self.call_time.choices = _times(offer)
        super().process(*args, **kwargs)

    def offer_times(self, offer: Offer) -> None:
        """Offer the call times anew, none of them chosen."""
        self.offer = offer
        self.call_time.choices = _times(offer)
        self.call_time.data = NO_TIME

    @property
    def key(self) -> uuid.UUID:
        """The key of this form; a new one where it came without."""
        try:
            return uuid.UUID(self.form_key.data or "")
        except ValueError:
            made = uuid.uuid4()
            self.form_key.data = str(made)
            return made

    @property
    def is_practice(self) -> bool:
        """Whether the form sends an invented client's referral."""
        return self.practice.data == YES

    @property
    def read_in(self) -> str:
        """The language of the consent text that the form shows."""
        return self.text_language.data if self.text_language.data in LANGUAGES else LANGUAGES[0]

    @property
    def opening(self) -> Opening | None:
        """The municipality that would counsel: the home one, or another that takes its clients."""
        return self.offer.opening(self.elsewhere_code or self.municipality.data)

    @property
    def elsewhere_code(self) -> str:
        """The code of the other municipality that was chosen; empty where the client is counselled at home."""
        chosen = self.elsewhere.data or AT_HOME
        return chosen if chosen != self.municipality.data else AT_HOME

    @property
    def chosen_time(self) -> uuid.UUID | None:
        """The call time that was chosen, among those offered."""
        return uuid.UUID(self.call_time.data) if self.call_time.data else None

    @property
    def lost_time(self) -> bool:
        """Whether a call time was chosen that is no longer offered."""
        return self.call_time.data is None and any(self.call_time.raw_data or ())

    @property
    def year(self) -> int | None:
        """The year of birth, if it is written as a year."""
        return int(self.birth_year.data) if YEAR.fullmatch(self.birth_year.data or "") else None

    @property
    def parties(self) -> Parties:
        """Who decided for whom, as answered so far."""
        told = {YES: True, NO: False}.get(self.guardians_may_be_told.data or "")
        return Parties(
            giver=Giver(self.giver.data) if self.giver.data else None,
            basis=Basis(self.basis.data) if self.basis.data else None,
            contact=Contact(self.contact.data) if self.contact.data else None,
            guardians_may_be_told=told,
        )

    @property
    def allowed(self) -> frozenset[ContactChannel]:
        """The ways of contact that were marked."""
        return frozenset(ContactChannel(value) for value in self.channels.data or ())

    def note_codes(self) -> bool:
        """Say where an identity code was taken out, also of a form that is not being sent; tell if there was one."""
        for field in self:
            if isinstance(field, TextLine | TextBox) and field.had_code:
                field.errors = [field.code_sentence]
        return bool(self.errors)

    @property
    def typed(self) -> dict[str, list[str]]:
        """Everything that was answered, by field, without identity codes: what a draft keeps."""
        kept: dict[str, list[str]] = {}
        for field in self:
            if field.name in NEVER_KEPT or not field.data:
                continue
            values = (
                field.data if isinstance(field.data, list) else ["y" if field.data is True else field.data]
            )
            kept[field.name] = [str(value) for value in values]
        return kept

    def say(self, field: Field, sentence: Any) -> None:
        """Put a sentence beside a field that has none yet."""
        if not field.errors:
            field.errors = [str(sentence)]


class CancelForm(FlaskForm):
    """Taking a referral back."""

    reason = OneOf(
        _l("Why do you take it back?"),
        choices=_words(labels.CANCEL_REASONS),
        validators=[Filled(_l("Choose why you take it back."))],
    )

    @property
    def chosen(self) -> CancelReason:
        """The reason chosen; valid forms have one."""
        return CancelReason(self.reason.data)


class AcknowledgeForm(FlaskForm):
    """Putting a returned referral away, or removing a draft: a press of a button."""
