"""The words of every way out, from one place: a committee's own templates where it has some, ours elsewhere."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from escalation.chain import Medium
from escalation.effects import About
from escalation.ids import CommitteeId
from escalation.purpose import Purpose
from larmcentral.channels import words, words_long, words_spoken
from larmcentral.channels.facts import language, spoken, written
from larmcentral.channels.template_words import Filled, FindTemplate, filled
from larmcentral.channels.words import PushWords
from larmcentral.channels.words_long import ChatWords as ChatWords
from larmcentral.channels.words_long import MailWords as MailWords
from larmcentral.channels.words_spoken import SpokenWords as SpokenWords
from larmcentral.domain.notice import NoticeText
from larmcentral.domain.templates import Template, TemplateKey


def no_templates(committee_id: CommitteeId, key: TemplateKey) -> Template | None:
    """For a house without any: our own words are used."""
    return None


class Wording:
    """What a notice says on each medium. zone: IANA name, for times of day.

    A template that cannot be used for a notice gives way to our own words: nobody is left without any.
    """

    def __init__(self, zone: str, templates: FindTemplate = no_templates) -> None:
        self._zone = ZoneInfo(zone)
        self._find = templates

    def push(self, text: NoticeText, purpose: Purpose) -> PushWords:
        """Return title and body for a phone's screen or the desk, both bounded. A drill is marked, whosever words."""
        own = self._own(text, Medium.PUSH)
        if own is None:
            return words.push(text, purpose, self._zone)
        return PushWords(title=words.marked(own.title, purpose, language(text.language)), body=own.body)

    def sms(self, text: NoticeText, *, may_answer: bool = False) -> str:
        """Return one text message; may_answer: whether a reply would reach us. A template asks for itself."""
        own = self._own(text, Medium.SMS)
        return words.sms(text, self._zone, may_answer=may_answer) if own is None else own.body

    def mail(self, text: NoticeText) -> MailWords:
        """Return subject and body."""
        own = self._own(text, Medium.MAIL)
        return words_long.mail(text, self._zone) if own is None else MailWords(own.title, own.body)

    def chat(self, text: NoticeText, medium: Medium = Medium.TEAMS) -> ChatWords:
        """Return a card. medium: TEAMS or WEBHOOK, as their templates may differ."""
        own = self._own(text, medium)
        if own is None:
            return words_long.chat(text, self._zone)
        return ChatWords(title=own.title, lines=tuple(own.body.split("\n")))

    def spoken(self, text: NoticeText) -> SpokenWords:
        """Return what is read out and what the keys mean; the question is always ours, for the keys are."""
        said = words_spoken.speech(text, self._zone)
        own = self._own(text, Medium.VOICE)
        return said if own is None else SpokenWords(own.body, said.question, said.language)

    def pager(self, text: NoticeText, limit: int) -> str:
        """Return at most limit signs for a handset's display."""
        own = self._own(text, Medium.PAGER, limit)
        return words.pager(text, self._zone, limit) if own is None else own.body

    def _own(self, text: NoticeText, medium: Medium, limit: int | None = None) -> Filled | None:
        """The committee's own words for an alarm."""
        if text.about is not About.ALARM or text.kind is None or text.committee_id is None:
            return None
        say = language(text.language)
        template = self._find(text.committee_id, TemplateKey(medium, text.kind, text.silent, say.code))
        if template is None:
            return None
        told = spoken if medium is Medium.VOICE else written
        return filled(template, told(text, say, self._zone).values(say), limit=limit)
