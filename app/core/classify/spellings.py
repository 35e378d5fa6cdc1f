"""The words that banks and networks shorten, written out and short: `JOHNSTONE SPLY` is Johnstone Supply."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

_PAIRS = """
accting accounting
acctg accounting
advtg advertising
agcy agency
amer american
appl appliance
assn association
assoc association
assocs associates
auth authority
auto automotive
bev beverage
bldg building
bldrs builders
bldr builder
bros brothers
brkg brokerage
bus business
cert certification
chiro chiropractic
cmty community
coll college
comm communications
comms communications
commun communications
concr concrete
cons consulting
conslt consulting
constr construction
const construction
contr contractor
cons consulting
corp corporation
ctr center
cntr center
dept department
dev development
dist distributing
distr distributing
distrib distributing
div division
edu education
educ education
elec electric
elect electric
eng engineering
engr engineering
ent entertainment
entmt entertainment
ent enterprises
equip equipment
eqpt equipment
exch exchange
exp express
fdn foundation
fed federal
fin financial
fincl financial
fndtn foundation
ftns fitness
furn furniture
gen general
govt government
grp group
hdwe hardware
hdwr hardware
hlth health
hlthcare healthcare
hosp hospital
hwy highway
ind industries
inds industries
indust industrial
info information
ins insurance
inst institute
insur insurance
intl international
intnl international
inv investments
lab laboratory
labs laboratories
lbr lumber
lic license
ln loan
lndscp landscape
mach machinery
matls materials
mtls materials
med medical
mfg manufacturing
mgmt management
mgt management
mktg marketing
mkt market
mktplace marketplace
mtg mortgage
mtn mountain
mut mutual
natl national
nat national
ntl national
org organization
pharm pharmacy
phcy pharmacy
photo photography
plbg plumbing
plumb plumbing
prof professional
profl professional
prod products
prods products
prods productions
props properties
prop property
pub publishing
pwr power
reg registration
rest restaurant
rfg roofing
rntl rental
rntls rentals
rstrnt restaurant
sch school
sci science
sci sciences
sec security
sec securities
serv services
serv service
servs services
soc society
solns solutions
spclty specialty
spec specialty
sply supply
splys supplies
sply supplies
std standard
sup supply
supl supply
suppl supply
svc service
svc services
svcs services
svs services
sys systems
sys system
tech technologies
tech technology
techs technologies
tel telephone
telecom telecommunications
thtr theatre
thtrs theatres
toolng tooling
trans transportation
transp transportation
trng training
univ university
util utilities
utils utilities
whls wholesale
whse warehouse
wtr water
"""


def _table() -> tuple[dict[str, tuple[str, ...]], dict[str, tuple[str, ...]]]:
    """Return what a short word is written out, and how a whole one is shortened."""
    whole: dict[str, tuple[str, ...]] = {}
    short: dict[str, tuple[str, ...]] = {}
    for line in _PAIRS.strip().splitlines():
        of, to = line.split()
        whole[of] = (*whole.get(of, ()), to)
        short[to] = (*short.get(to, ()), of)
    return whole, short


_WHOLE, _SHORT = _table()
_KNOWN = _WHOLE.keys() | _SHORT.keys()
_MOST = 3


def spellings(words: Sequence[str]) -> Iterator[tuple[str, ...]]:
    """Yield other spellings of a name: its short words written out, its whole words shortened."""
    if _KNOWN.isdisjoint(words):
        return
    for table in (_WHOLE, _SHORT):
        choices = max((len(table[word]) for word in words if word in table), default=0)
        for choice in range(min(choices, _MOST)):
            yield tuple(table[word][min(choice, len(table[word]) - 1)] if word in table else word for word in words)
