"""A unit made of pjsua2: registers, sends each line of its input as a SCAIP request, prints what comes back as JSON."""

import json
import sys

import pjsua2 as pj

port, transport, user, password = int(sys.argv[1]), sys.argv[2], sys.argv[3], sys.argv[4]
suffix = {"UDP": "", "TCP": ";transport=tcp", "TLS": ";transport=tls"}[transport]
kinds = {"UDP": pj.PJSIP_TRANSPORT_UDP, "TCP": pj.PJSIP_TRANSPORT_TCP, "TLS": pj.PJSIP_TRANSPORT_TLS}


def say(**told):
    sys.stdout.write(json.dumps(told) + "\n")
    sys.stdout.flush()


class Unit(pj.Account):
    def onRegState(self, prm):
        say(registered=prm.code)

    def onInstantMessage(self, prm):
        say(mrs=prm.msgBody, type=prm.contentType)

    def onInstantMessageStatus(self, prm):
        say(status=prm.code)


endpoint = pj.Endpoint()
endpoint.libCreate()
config = pj.EpConfig()
config.logConfig.level = config.logConfig.consoleLevel = 0
config.uaConfig.threadCnt = 0
config.uaConfig.mainThreadOnly = True
endpoint.libInit(config)
way = pj.TransportConfig()
way.port = 0
way.boundAddress = "127.0.0.1"
endpoint.transportCreate(kinds[transport], way)
endpoint.libStart()
account = pj.AccountConfig()
account.idUri = f"sip:{user}@127.0.0.1"
account.regConfig.registrarUri = f"sip:127.0.0.1:{port}{suffix}"
account.regConfig.timeoutSec = 300
account.sipConfig.authCreds.append(pj.AuthCredInfo("digest", "*", user, 0, password))
unit = Unit()
unit.create(account)
for _ in range(50):
    endpoint.libHandleEvents(20)
buddy_config = pj.BuddyConfig()
buddy_config.uri = f"sip:larmcentral@127.0.0.1:{port}{suffix}"
buddy = pj.Buddy()
buddy.create(unit, buddy_config)
for line in sys.stdin:
    message = pj.SendInstantMessageParam()
    message.contentType = "application/scaip+xml"
    message.content = line.strip()
    buddy.sendInstantMessage(message)
    for _ in range(60):
        endpoint.libHandleEvents(20)
say(done=True)
del buddy
unit.shutdown()
del unit
endpoint.libDestroy()
