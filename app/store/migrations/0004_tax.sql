-- What a tax return asks that no bank row says: vehicles, equipment, the home office; and what was said about tax.
-- Amounts are integer cents, dates whole days since 1970-01-01, percentages basis points, miles whole miles.

-- One Schedule C, one year.

CREATE TABLE business_year (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    business_id INTEGER NOT NULL REFERENCES business (id) DEFERRABLE INITIALLY DEFERRED,
    year INTEGER NOT NULL,
    de_minimis INTEGER CHECK (de_minimis IN (0, 1)),  -- the election for small items; null = not asked yet
    section_179_carry_cents INTEGER,                  -- what last year's income did not allow
    startup_cents INTEGER,                            -- costs before the first day of business, all years
    opening_inventory_cents INTEGER,
    closing_inventory_cents INTEGER,
    UNIQUE (business_id, year)
) STRICT;

-- Vehicles: what does not change, and what each year says.

CREATE TABLE vehicle (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    business_id INTEGER NOT NULL REFERENCES business (id) DEFERRABLE INITIALLY DEFERRED,
    name TEXT NOT NULL,
    kind TEXT NOT NULL DEFAULT 'car',                 -- car, suv (over 6,000 lb), truck (over 6,000 lb, no seats behind)
    leased INTEGER NOT NULL DEFAULT 0 CHECK (leased IN (0, 1)),
    in_service INTEGER NOT NULL,                      -- the first day of business use
    acquired INTEGER,                                 -- the day of a binding contract, when another
    basis_cents INTEGER,                              -- cost, or value if that was lower when business use began
    section_179_cents INTEGER NOT NULL DEFAULT 0,
    bonus INTEGER NOT NULL DEFAULT 1 CHECK (bonus IN (0, 1)),   -- 0 = elected out
    first_method TEXT,                                -- of the year in service: it decides what later years may choose
    sold INTEGER
) STRICT;

CREATE TABLE vehicle_year (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    vehicle_id INTEGER NOT NULL REFERENCES vehicle (id) DEFERRABLE INITIALLY DEFERRED,
    year INTEGER NOT NULL,
    method TEXT,                                      -- standard, actual; null = not chosen
    business_miles INTEGER,
    late_business_miles INTEGER,                      -- of them, those after a change of the rate in the year
    commuting_miles INTEGER,
    other_miles INTEGER,
    odometer_first INTEGER,
    odometer_last INTEGER,
    actual_cents INTEGER,                             -- its part of the actual costs when several vehicles share the rows
    interest_cents INTEGER,                           -- loan interest, in full
    property_tax_cents INTEGER,                       -- personal property tax, in full
    personal_use INTEGER CHECK (personal_use IN (0, 1)),
    another_car INTEGER CHECK (another_car IN (0, 1)),
    evidence INTEGER CHECK (evidence IN (0, 1)),
    written INTEGER CHECK (written IN (0, 1)),
    UNIQUE (vehicle_id, year)
) STRICT;

-- Equipment that is written off over years.

CREATE TABLE asset (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    business_id INTEGER NOT NULL REFERENCES business (id) DEFERRABLE INITIALLY DEFERRED,
    name TEXT NOT NULL,
    life INTEGER NOT NULL DEFAULT 5,                  -- years of its class
    method TEXT NOT NULL DEFAULT 'declining',         -- declining, straight
    listed INTEGER NOT NULL DEFAULT 0 CHECK (listed IN (0, 1)),
    acquired INTEGER,
    in_service INTEGER NOT NULL,
    cost_cents INTEGER NOT NULL,
    business_percent INTEGER NOT NULL DEFAULT 10000 CHECK (business_percent BETWEEN 0 AND 10000),
    section_179_cents INTEGER NOT NULL DEFAULT 0,
    bonus INTEGER NOT NULL DEFAULT 1 CHECK (bonus IN (0, 1)),   -- 0 = elected out
    prior_cents INTEGER,                              -- depreciation taken up to the end of prior_year
    prior_year INTEGER,
    sold INTEGER,
    transaction_id INTEGER                            -- the purchase, where it stands in the books
) STRICT;

CREATE TABLE asset_year (         -- where the business share of a year differs from that of the first
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    asset_id INTEGER NOT NULL REFERENCES asset (id) DEFERRABLE INITIALLY DEFERRED,
    year INTEGER NOT NULL,
    business_percent INTEGER NOT NULL CHECK (business_percent BETWEEN 0 AND 10000),
    UNIQUE (asset_id, year)
) STRICT;

-- The home office.

CREATE TABLE home_office (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    business_id INTEGER NOT NULL REFERENCES business (id) DEFERRABLE INITIALLY DEFERRED,
    name TEXT NOT NULL,
    area INTEGER,                                     -- square feet of the office
    home_area INTEGER,                                -- square feet of the home
    exclusive INTEGER CHECK (exclusive IN (0, 1)),    -- used only and regularly for business; null = not asked yet
    owned INTEGER CHECK (owned IN (0, 1)),
    first_day INTEGER NOT NULL,
    last_day INTEGER,
    basis_cents INTEGER,                              -- of the house with its land: cost, or value if that was lower
    land_cents INTEGER                                -- of it, the land
) STRICT;

CREATE TABLE home_office_year (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    home_office_id INTEGER NOT NULL REFERENCES home_office (id) DEFERRABLE INITIALLY DEFERRED,
    year INTEGER NOT NULL,
    method TEXT,                                      -- simplified, actual; null = not chosen
    direct_cents INTEGER,                             -- in place of the tagged rows, where told
    indirect_cents INTEGER,
    mortgage_interest_cents INTEGER,                  -- of the whole home
    property_tax_cents INTEGER,
    carry_operating_cents INTEGER,                    -- what last year's limit left over
    carry_depreciation_cents INTEGER,
    UNIQUE (home_office_id, year)
) STRICT;

-- The reserve and the instalments.

CREATE TABLE set_aside_shown (    -- what was shown for a deposit: a later projection does not change it behind one's back
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    transaction_id INTEGER NOT NULL UNIQUE,           -- no reference: taking back an import must not trip over it
    year INTEGER NOT NULL,
    cents INTEGER NOT NULL,
    shown_on INTEGER NOT NULL
) STRICT;

CREATE TABLE tax_override (       -- an instalment that was put off for everybody in a place, as after a disaster
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    jurisdiction TEXT NOT NULL,
    tax_year INTEGER NOT NULL,
    number INTEGER NOT NULL,                          -- of the instalment, 1 to 4
    due_date INTEGER NOT NULL,
    reason TEXT,
    UNIQUE (jurisdiction, tax_year, number)
) STRICT;
