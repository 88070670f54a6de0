from escalation.chain import Channel, Medium


def test_every_channel_has_the_authors_word_but_for_the_centre_which_is_a_target() -> None:
    assert {channel: channel.medium for channel in Channel} == {
        Channel.APNS: Medium.PUSH,
        Channel.FCM: Medium.PUSH,
        Channel.WEB_PUSH: Medium.PUSH,
        Channel.SMS: Medium.SMS,
        Channel.VOICE: Medium.VOICE,
        Channel.MAIL: Medium.MAIL,
        Channel.TEAMS: Medium.TEAMS,
        Channel.WEBHOOK: Medium.WEBHOOK,
        Channel.PAGER: Medium.PAGER,
        Channel.CONSOLE: Medium.CONSOLE,
        Channel.RECEIVER: None,
    }


def test_all_but_our_own_app_and_screens_leave_the_house() -> None:
    in_house = {channel for channel in Channel if not channel.outward}
    assert in_house == {Channel.APNS, Channel.FCM, Channel.WEB_PUSH, Channel.CONSOLE}
