"""From a filled form to what is sent, and to the preview of what the municipality will see."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from werkzeug.datastructures import MultiDict

from referrals.consent import Giver, Method
from referrals.county.content import ContactPerson, ReferralContent, SenderCard
from referrals.county.models import Referral
from referrals.county.operations import ConsentGiven, NewReferral
from referrals.county.sending import labels
from referrals.county.sending.elsewhere import ToRead
from referrals.county.sending.forms import YES, ReferralForm
from referrals.county.sending.labels import BestTime, ClientLanguage
from referrals.kinds.queries import Kind
from referrals.moves import ContactChannel, Priority
from servicetray.accounts.queries import User
from servicetray.core.pages import Text


@dataclass(frozen=True, kw_only=True)
class Preview:
    """What the municipality will see, as far as it has been filled in."""

    municipality: str
    unit: str
    """Where it goes."""
    home: str
    """The home municipality, where another one counsels."""
    name: str
    birth_year: str
    language: Text
    interpreter: str
    best_time: Text
    contacts: Sequence[tuple[Text, str]]
    """Each allowed way of contact and its details."""
    reasons: Sequence[str]
    interests: Sequence[str]
    own_wish: str
    what_to_heed: str
    soon: bool
    protected: bool
    sender: SenderCard

    @property
    def is_empty(self) -> bool:
        """Whether nothing has been filled in yet."""
        return not (self.name or self.birth_year or self.contacts or self.reasons or self.own_wish)


def sender_card(user: User) -> SenderCard:
    """Return who sends, as the account says it; the unit's number where the person has none."""
    unit = user.unit
    return SenderCard(
        name=user.name,
        title=user.title,
        unit=user.unit_name,
        phone=user.phone or (unit.phone if unit else ""),
    )


def preview_of(form: ReferralForm, *, sender: User) -> Preview:
    """Return what a form, finished or not, would show to the municipality."""
    content = _details(form)
    opening = form.opening
    home = form.offer.opening(form.municipality.data) if form.elsewhere_code else None
    return Preview(
        municipality=opening.name if opening else "",
        unit=opening.unit_name if opening else "",
        home=home.name if home else "",
        name=f"{form.first_name.data or ''} {form.last_name.data or ''}".strip(),
        birth_year=form.birth_year.data or "",
        language=language_name(_language(form)),
        interpreter=form.interpreter.data or "",
        best_time=labels.BEST_TIMES[BestTime(form.best_time.data or "")],
        contacts=contact_lines(form.allowed, content),
        reasons=_names(form.reasons),
        interests=_names(form.interests),
        own_wish=form.own_wish.data or "",
        what_to_heed=form.what_to_heed.data or "",
        soon=form.priority.data == Priority.SOON,
        protected=bool(form.protected.data),
        sender=sender_card(sender),
    )


def contact_lines(
    allowed: frozenset[ContactChannel], details: Mapping[ContactChannel, str]
) -> Sequence[tuple[Text, str]]:
    """Return each allowed way of contact by its name, with its number or address."""
    return [
        (words, details.get(channel, "")) for channel, words in labels.CHANNELS.items() if channel in allowed
    ]


def details_of(content: ReferralContent) -> Mapping[ContactChannel, str]:
    """Return the number or address of each way of contact of a referral."""
    person = content.contact_person
    return {
        ContactChannel.PHONE: content.phone,
        ContactChannel.TEXT_MESSAGE: content.phone,
        ContactChannel.EMAIL: content.email,
        ContactChannel.LETTER: content.address,
        ContactChannel.CONTACT_PERSON: ", ".join(
            part for part in (person.name, person.relation, person.phone) if part
        )
        if person
        else "",
    }


def language_name(language: str) -> Text:
    """Return a client's language in words: one that the form names, else what was written."""
    return labels.LANGUAGES[ClientLanguage(language)] if language in _NAMED else language


def best_time_name(hours: str) -> Text:
    """Return when it is best to call, in words; hours that the form does not name stay as they are."""
    return labels.BEST_TIMES[BestTime(hours)] if hours in set(BestTime) else hours


def new_referral(form: ReferralForm, *, kind: Kind, text: ToRead, sender: User) -> NewReferral:
    """Return what a valid form sends."""
    assert form.year is not None
    person = None
    if ContactChannel.CONTACT_PERSON in form.allowed:
        person = ContactPerson(
            name=form.contact_name.data or "",
            relation=form.contact_relation.data or "",
            phone=form.contact_phone.data or "",
        )
    return NewReferral(
        form_key=form.key,
        kind_code=kind.code,
        prefix=kind.prefix,
        content=ReferralContent(
            first_name=form.first_name.data or "",
            last_name=form.last_name.data or "",
            birth_year=form.year,
            phone=form.phone.data or "",
            email=form.email.data or "",
            address=form.address.data or "",
            contact_person=person,
            best_time=form.best_time.data or "",
            language=_language(form),
            interpreter=form.interpreter.data or "",
            reasons=tuple(form.reasons.data or ()),
            interests=tuple(form.interests.data or ()),
            own_wish=form.own_wish.data or "",
            what_to_heed=form.what_to_heed.data or "",
            home_municipality=(form.municipality.data or "") if form.elsewhere_code else "",
            sender=sender_card(sender),
        ),
        consent=_consent(form, text),
        priority=Priority(form.priority.data or Priority.NORMAL),
        protected=bool(form.protected.data),
        practice=form.is_practice,
    )


def typed_again(row: Referral, content: ReferralContent) -> MultiDict[str, str]:
    """Return what would be typed for a new referral of the same client: nothing of the permission."""
    person = content.contact_person
    named = content.language in _NAMED
    single = {
        "municipality": content.home_municipality or row.municipality_code,
        "elsewhere": row.municipality_code if content.home_municipality else "",
        "first_name": content.first_name,
        "last_name": content.last_name,
        "birth_year": str(content.birth_year),
        "language": content.language if named else ClientLanguage.OTHER.value,
        "other_language": "" if named else content.language,
        "interpreter": content.interpreter,
        "phone": content.phone,
        "email": content.email,
        "address": content.address,
        "contact_name": person.name if person else "",
        "contact_relation": person.relation if person else "",
        "contact_phone": person.phone if person else "",
        "best_time": content.best_time,
        "own_wish": content.own_wish,
        "what_to_heed": content.what_to_heed,
        "priority": row.priority.value,
        "method": Method.ORAL.value,
        "giver": Giver.CLIENT.value,
    }
    several = [("reasons", code) for code in content.reasons] + [
        ("interests", code) for code in content.interests
    ]
    # Who has to be protected does not lose it by the sender's forgetting: it is theirs to take off.
    guarded = [("protected", "y")] if row.protected else []
    return MultiDict([*single.items(), *several, *guarded])


_NAMED = frozenset(member.value for member in ClientLanguage if member is not ClientLanguage.OTHER)


def _consent(form: ReferralForm, text: ToRead) -> ConsentGiven:
    parties = form.parties
    return ConsentGiven(
        giver=parties.giver or Giver.CLIENT,
        basis=parties.basis,
        contact=parties.contact,
        guardians_may_be_told=parties.guardians_may_be_told,
        method=Method(form.method.data or Method.ORAL),
        text_version=text.version,
        text_language=text.language,
        feedback=form.feedback.data == YES,
        follow_up=form.follow_up.data == YES,
        transfer=form.transfer.data == YES,
        channels=form.allowed,
        interpreted_by=form.interpreted_by.data or "",
    )


def _details(form: ReferralForm) -> Mapping[ContactChannel, str]:
    person = (form.contact_name.data, form.contact_relation.data, form.contact_phone.data)
    return {
        ContactChannel.PHONE: form.phone.data or "",
        ContactChannel.TEXT_MESSAGE: form.phone.data or "",
        ContactChannel.EMAIL: form.email.data or "",
        ContactChannel.LETTER: form.address.data or "",
        ContactChannel.CONTACT_PERSON: ", ".join(part for part in person if part),
    }


def _language(form: ReferralForm) -> str:
    if form.language.data == ClientLanguage.OTHER:
        return form.other_language.data or ""
    return form.language.data or ClientLanguage.FINNISH


def _names(field: object) -> Sequence[str]:
    chosen = set(getattr(field, "data", None) or ())
    return [str(choice.label) for choice in getattr(field, "choices", ()) if choice.value in chosen]
