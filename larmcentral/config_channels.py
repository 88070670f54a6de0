"""Settings of the ways out to people. per_second: the rate agreed with the provider; alarms never wait for it."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Final, Literal, Self

from pydantic import Field, SecretStr, model_validator

from larmcentral.config_section import Name, Port, Rate, Seconds, Section, one_secret
from larmcentral.domain.contact import NORDIC


class Apns(Section):
    """Push to iPhones. key_file: Apple's .p8. topic: bundle id of the app."""

    key_file: Path
    key_id: str
    team_id: str
    topic: str
    host: str = "api.push.apple.com"
    port: Port = 443
    ca_file: Path | None = None
    sound: str = "default"
    silent_sound: str = "silence.caf"
    time_to_live_s: Seconds = 3600.0
    per_second: Rate | None = None


class Fcm(Section):
    """Push to Android phones. service_account_file: the key file from the Firebase console."""

    service_account_file: Path
    endpoint: str = "https://fcm.googleapis.com/v1/projects"
    ca_file: Path | None = None
    time_to_live_s: Seconds = 3600.0
    per_second: Rate | None = None


class WebPush(Section):
    """Push to browsers. key_file: our VAPID key, PEM of an EC P-256 private key. subject: mailto: or https: of ours.

    allow_hosts: push services on private addresses that are allowed by name.
    """

    key_file: Path
    subject: str
    allow_hosts: tuple[str, ...] = ()
    ca_file: Path | None = None
    time_to_live_s: Seconds = 3600.0
    per_second: Rate | None = None


class Sms(Section):
    """Text messages by 46elks. sender: a name or number. delivered_url: where delivery reports come in."""

    username: str
    password: SecretStr | None = None
    password_file: Path | None = None
    sender: str
    endpoint: str = "https://api.46elks.com/a1/sms"
    delivered_url: str | None = None
    receipt_secret: SecretStr | None = None
    receipt_secret_file: Path | None = None
    ca_file: Path | None = None
    per_second: Rate | None = None

    @model_validator(mode="after")
    def _one_password(self) -> Self:
        one_secret(self.password, self.password_file, "password")
        if self.receipt_secret is not None and self.receipt_secret_file is not None:
            raise ValueError("takes receipt_secret_file or receipt_secret, not both")
        return self


class Smpp(Section):
    """Text messages straight to an SMSC, SMPP 3.4. sender: a name of up to 11 signs, or a number in E.164."""

    host: str
    port: Port
    tls: bool = True
    ca_file: Path | None = None
    system_id: Annotated[str, Field(min_length=1, max_length=15)]
    password: SecretStr | None = None
    password_file: Path | None = None
    system_type: Annotated[str, Field(max_length=12)] = ""
    sender: str
    per_second: Rate | None = None

    @model_validator(mode="after")
    def _one_password(self) -> Self:
        one_secret(self.password, self.password_file, "password")
        return self


class Voice46elks(Section):
    """Calls by 46elks. number: ours, in E.164. answer_url: our own API as 46elks reaches it (https://larm.example/api).

    speech_command: a program that reads UTF-8 and writes WAV, with its arguments ("{language}" becomes sv or en), such
    as ["espeak-ng", "-v", "{language}", "-s", "150", "--stdin", "--stdout"]. Without one 46elks reads to people
    itself, in English, for it knows no Swedish.
    """

    username: str
    password: SecretStr | None = None
    password_file: Path | None = None
    number: str
    answer_url: str
    endpoint: str = "https://api.46elks.com/a1/calls"
    speech_command: tuple[str, ...] = ()
    ca_file: Path | None = None
    per_second: Rate | None = None

    @model_validator(mode="after")
    def _one_password(self) -> Self:
        one_secret(self.password, self.password_file, "password")
        return self


class VoiceTwilio(Section):
    """Calls by Twilio. number: ours, in E.164. answer_url: our own API as Twilio reaches it (https://larm.example/api)."""

    account_sid: str
    token: SecretStr | None = None
    token_file: Path | None = None
    number: str
    answer_url: str
    endpoint: str = "https://api.twilio.com/2010-04-01"
    ca_file: Path | None = None
    per_second: Rate | None = None

    @model_validator(mode="after")
    def _one_token(self) -> Self:
        one_secret(self.token, self.token_file, "token")
        return self


class Mail(Section):
    """Mail by an SMTP server. tls: "none" only on this machine. sender: address, with a name if wanted."""

    host: str
    port: Port = 587
    tls: Literal["starttls", "implicit", "none"] = "starttls"
    ca_file: Path | None = None
    username: str | None = None
    password: SecretStr | None = None
    password_file: Path | None = None
    sender: str
    per_second: Rate | None = None

    @model_validator(mode="after")
    def _password_goes_with_name(self) -> Self:
        if self.username is not None:
            one_secret(self.password, self.password_file, "password")
        return self


class Hook(Section):
    """An address that is told by POST. url, or url_file where the address itself is a secret (Teams). secret: signs
    what we post. allow_private: whether it may lie on the inner network.
    """

    url: str | None = None
    url_file: Path | None = None
    secret: SecretStr | None = None
    secret_file: Path | None = None
    allow_private: bool = False
    ca_file: Path | None = None

    @model_validator(mode="after")
    def _one_url(self) -> Self:
        if (self.url is None) == (self.url_file is None):
            raise ValueError("needs exactly one of url and url_file")
        return self


class Teams(Section):
    """Channels in Microsoft Teams, each by a name that contact points use."""

    hooks: dict[Name, Hook]
    per_second: Rate | None = None


class Webhooks(Section):
    """Addresses of other systems, each by a name that contact points use; every one needs a secret to sign with."""

    hooks: dict[Name, Hook]
    per_second: Rate | None = None

    @model_validator(mode="after")
    def _signed(self) -> Self:
        for name, hook in self.hooks.items():
            if (hook.secret is None) == (hook.secret_file is None):
                raise ValueError(f"hooks.{name} needs exactly one of secret_file and (from the environment) secret")
        return self


class Pager(Section):
    """DECT handsets and pagers by ESPA 4.4.4 over TCP. call_type, priority, beep: as agreed with the exchange."""

    host: str
    port: Port
    beep: Annotated[int, Field(ge=0, le=9)] = 3
    priority: Annotated[int, Field(ge=1, le=3)] = 1
    call_type: Annotated[int, Field(ge=1, le=3)] = 3
    text_limit: Annotated[int, Field(ge=16, le=128)] = 80
    character_set: Literal["latin1", "swedish7"] = "latin1"
    parity: Literal["none", "even"] = "none"
    per_second: Rate | None = None


NumberBeginning = Annotated[str, Field(pattern=r"^\+[1-9][0-9]{0,13}$")]
SMS_ORDER: Final = ("sms", "smpp")
VOICE_ORDER: Final = ("voice_46elks", "voice_twilio")


class Channels(Section):
    """The ways out; one that is not there is not used.

    sms_order, voice_order: which provider is asked first where there are two; the other stands in for it.
    allowed_countries: beginnings of the numbers that may be added as contact points; those that stand go on.
    """

    apns: Apns | None = None
    fcm: Fcm | None = None
    web_push: WebPush | None = None
    sms: Sms | None = None
    smpp: Smpp | None = None
    voice_46elks: Voice46elks | None = None
    voice_twilio: VoiceTwilio | None = None
    mail: Mail | None = None
    teams: Teams | None = None
    webhooks: Webhooks | None = None
    pager: Pager | None = None
    allowed_countries: tuple[NumberBeginning, ...] = NORDIC
    sms_order: tuple[Literal["sms", "smpp"], ...] = SMS_ORDER
    voice_order: tuple[Literal["voice_46elks", "voice_twilio"], ...] = VOICE_ORDER
