"""What flows ask of the shells. The real ones are in store/, channels/, api/; the doubles in tests/fakes."""

from larmcentral.ports.contact_points import ContactPointWork as ContactPointWork
from larmcentral.ports.contact_points import ServiceMessageStore as ServiceMessageStore
from larmcentral.ports.contact_points import ServiceMessageWork as ServiceMessageWork
from larmcentral.ports.desk import DeskWork as DeskWork
from larmcentral.ports.devices import DeviceWork as DeviceWork
from larmcentral.ports.downlinks import DownlinkWork as DownlinkWork
from larmcentral.ports.house import Calendar as Calendar
from larmcentral.ports.house import CarriesWords as CarriesWords
from larmcentral.ports.house import Channel as Channel
from larmcentral.ports.house import Clock as Clock
from larmcentral.ports.house import Ids as Ids
from larmcentral.ports.house import Measures as Measures
from larmcentral.ports.house import Speaks as Speaks
from larmcentral.ports.house import TakesIn as TakesIn
from larmcentral.ports.places import PlaceWork as PlaceWork
from larmcentral.ports.plans import PlanWork as PlanWork
from larmcentral.ports.secrets import KeepsSecrets as KeepsSecrets
from larmcentral.ports.secrets import RenewsSecrets as RenewsSecrets
from larmcentral.ports.store import Locked as Locked
from larmcentral.ports.store import Store as Store
from larmcentral.ports.store import Transaction as Transaction
from larmcentral.ports.vigils import LockedVigils as LockedVigils
from larmcentral.ports.vigils import VigilStore as VigilStore
from larmcentral.ports.vigils import VigilWork as VigilWork
