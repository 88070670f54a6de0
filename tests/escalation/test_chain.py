from escalation.chain import Channel, Medium


def test_every_channel_has_the_authors_word_and_only_text_messages_leave_the_house() -> None:
    assert {channel: channel.medium for channel in Channel} == {
        Channel.APNS: Medium.PUSH,
        Channel.FCM: Medium.PUSH,
        Channel.SMS: Medium.SMS,
        Channel.CONSOLE: Medium.CONSOLE,
    }
    assert [channel for channel in Channel if channel.outward] == [Channel.SMS]
