"""Form 2210, Schedule AI, against cases worked by hand from the form's own lines, for 2026.

Each case has its arithmetic above it, one column of the form after the other; it was worked with exact fractions and
rounded only where a figure is written down, so the engine, which rounds each line, may differ by two cents. Figures of
2026 used: standard deduction 16,100, 32,200 joint, 24,150 head of household; wage base 184,500; rates 10 % to 12,400,
12 % to 50,400, 22 % to 105,700, 24 % to 201,775, 32 % to 256,225 (joint: double); gains 0 % to 49,450, then 15 %;
qualified business income 20 %, less from 201,750 of taxable income on over 75,000 (no wages are paid), at least 400;
Additional Medicare 0.9 % and net investment income tax 3.8 % above 200,000; earned income credit with one child 34 % up
to 13,020, at most 4,427, less 15.98 % above 23,890; child credit 2,200, at most 1,700 of it paid out, at most 15 % of
what is earned above 2,500.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

import pytest

from app.core.books.vocabulary import FilingStatus
from app.core.tax.due_dates import DueDateRules
from app.core.tax.federal import evaluate
from app.core.tax.figures import Parameters
from app.core.tax.instalments.annualized import PeriodTax, annualized_self_employment, factor_of, federal_period
from app.core.tax.instalments.required import Facts, annualized, prior_year, regular
from app.core.tax.instalments.schedule import Rules, dates
from app.core.tax.model import Business, Household, Owner, Person

ROUNDING = 2
NOTHING = (0, 0, 0, 0)


@dataclass(frozen=True, kw_only=True)
class Case:
    """Dollars from 1 January to the end of each period; the expected lines are in cents."""

    name: str
    status: FilingStatus
    profits: tuple[int, int, int, int]
    spouse_profits: tuple[int, int, int, int] | None = None
    wages: tuple[int, int, int, int] = NOTHING
    gains: tuple[int, int, int, int] = NOTHING
    prior_tax: int | None = None
    prior_income: int | None = None
    children_ages: tuple[int, ...] = ()
    line_36: tuple[int, int, int, int]
    line_19: tuple[int, int, int, int]
    line_27: tuple[int, int, int, int]

    def period(self, column: int) -> Household:
        businesses = [Business(net_profit_cents=self.profits[column] * 100)]
        if self.spouse_profits is not None:
            businesses.append(Business(net_profit_cents=self.spouse_profits[column] * 100, owner=Owner.SPOUSE))
        return Household(
            year=2026,
            filing_status=self.status,
            primary=Person(age=40, wages_cents=self.wages[column] * 100),
            spouse=None if self.spouse_profits is None else Person(age=40),
            businesses=tuple(businesses),
            long_term_gains_cents=self.gains[column] * 100,
            children_ages=self.children_ages,
        )


CASES = (
    # (a) profit 48,000 x 0.9235 = 44,328; limit 46,125; 44,328 x 0.496 = 21,986.69; 44,328 x 0.116 =
    #         5,142.05; line 36 = 27,128.74
    #     half 27,128.74 / 8 = 3,391.09; line 1 44,608.91 x 4 = 178,435.63
    #     - 16,100 - QBI 32,467.13 (20 % of 178,435.63, at most 20 % of 162,335.63) = 129,868.51; tax
    #         23,766.44; + SE 27,128.74 = line 19 50,895.18
    # (b) profit 48,000 x 0.9235 = 44,328; limit 76,875; 44,328 x 0.2976 = 13,192.01; 44,328 x 0.0696 =
    #         3,085.23; line 36 = 16,277.24
    #     half 16,277.24 / 4.8 = 3,391.09; line 1 44,608.91 x 2.4 = 107,061.38
    #     - 16,100 - QBI 18,192.28 (20 % of 107,061.38, at most 20 % of 90,961.38) = 72,769.10; tax
    #         10,721.20; + SE 16,277.24 = line 19 26,998.44
    # (c) profit 48,000 x 0.9235 = 44,328; limit 123,000; 44,328 x 0.186 = 8,245.01; 44,328 x 0.0435 =
    #         1,928.27; line 36 = 10,173.28
    #     half 10,173.28 / 3 = 3,391.09; line 1 44,608.91 x 1.5 = 66,913.36
    #     - 16,100 - QBI 10,162.67 (20 % of 66,913.36, at most 20 % of 50,813.36) = 40,650.69; tax 4,630.08;
    #         + SE 10,173.28 = line 19 14,803.36
    # (d) profit 48,000 x 0.9235 = 44,328; limit 184,500; 44,328 x 0.124 = 5,496.67; 44,328 x 0.029 =
    #         1,285.51; line 36 = 6,782.18
    #     half 6,782.18 / 2 = 3,391.09; line 1 44,608.91 x 1 = 44,608.91
    #     - 16,100 - QBI 5,701.78 (20 % of 44,608.91, at most 20 % of 28,508.91) = 22,807.13; tax 2,488.86;
    #         + SE 6,782.18 = line 19 9,271.04
    # line 9 = 90 % of 9,271.04 = 8,343.94, a quarter 2,085.98
    # (a) 50,895.18 x 0.225 = 11,451.41 - 0 = 11,451.41; at most 2,085.98; line 27 = 2,085.98
    # (b) 26,998.44 x 0.45 = 12,149.30 - 2,085.98 = 10,063.32; at most 2,085.98; line 27 = 2,085.98
    # (c) 14,803.36 x 0.675 = 9,992.27 - 4,171.97 = 5,820.30; at most 2,085.98; line 27 = 2,085.98
    # (d) 9,271.04 x 0.9 = 8,343.94 - 6,257.95 = 2,085.98; at most 2,085.98; line 27 = 2,085.98
    Case(
        name="all income in the first quarter",
        status=FilingStatus.SINGLE,
        profits=(48_000, 48_000, 48_000, 48_000),
        line_36=(2_712_874, 1_627_724, 1_017_328, 678_218),
        line_19=(5_089_518, 2_699_844, 1_480_336, 927_104),
        line_27=(208_598, 208_598, 208_598, 208_598),
    ),
    # (a) profit 0: no SE tax
    #     half 0 / 8 = 0; line 1 0 x 4 = 0
    #     - 16,100 - QBI 0 = 0; tax 0; + SE 0 = line 19 0
    # (b) profit 0: no SE tax
    #     half 0 / 4.8 = 0; line 1 0 x 2.4 = 0
    #     - 16,100 - QBI 0 = 0; tax 0; + SE 0 = line 19 0
    # (c) profit 0: no SE tax
    #     half 0 / 3 = 0; line 1 0 x 1.5 = 0
    #     - 16,100 - QBI 0 = 0; tax 0; + SE 0 = line 19 0
    # (d) profit 90,000 x 0.9235 = 83,115; limit 184,500; 83,115 x 0.124 = 10,306.26; 83,115 x 0.029 =
    #         2,410.34; line 36 = 12,716.60
    #     half 12,716.60 / 2 = 6,358.30; line 1 83,641.70 x 1 = 83,641.70
    #     - 16,100 - QBI 13,508.34 (20 % of 83,641.70, at most 20 % of 67,541.70) = 54,033.36; tax 6,599.34;
    #         + SE 12,716.60 = line 19 19,315.93
    # line 9 = 90 % of 19,315.93 = 17,384.34, a quarter 4,346.09
    # (a) 0 x 0.225 = 0 - 0 = 0; at most 4,346.09; line 27 = 0
    # (b) 0 x 0.45 = 0 - 0 = 0; at most 8,692.17; line 27 = 0
    # (c) 0 x 0.675 = 0 - 0 = 0; at most 13,038.26; line 27 = 0
    # (d) 19,315.93 x 0.9 = 17,384.34 - 0 = 17,384.34; at most 17,384.34; line 27 = 17,384.34
    Case(
        name="all income in the last quarter",
        status=FilingStatus.SINGLE,
        profits=(0, 0, 0, 90_000),
        line_36=(0, 0, 0, 1_271_660),
        line_19=(0, 0, 0, 1_931_593),
        line_27=(0, 0, 0, 1_738_434),
    ),
    # (a) profit 10,000 x 0.9235 = 9,235; limit 46,125; 9,235 x 0.496 = 4,580.56; 9,235 x 0.116 = 1,071.26;
    #         line 36 = 5,651.82
    #     half 5,651.82 / 8 = 706.48; line 1 9,293.52 x 4 = 37,174.09
    #     - 16,100 - QBI 4,214.82 (20 % of 37,174.09, at most 20 % of 21,074.09) = 16,859.27; tax 1,775.11;
    #         + SE 5,651.82 = line 19 7,426.93
    # (b) profit 25,000 x 0.9235 = 23,087.50; limit 76,875; 23,087.50 x 0.2976 = 6,870.84; 23,087.50 x
    #         0.0696 = 1,606.89; line 36 = 8,477.73
    #     half 8,477.73 / 4.8 = 1,766.19; line 1 23,233.81 x 2.4 = 55,761.14
    #     - 16,100 - QBI 7,932.23 (20 % of 55,761.14, at most 20 % of 39,661.14) = 31,728.91; tax 3,559.47;
    #         + SE 8,477.73 = line 19 12,037.20
    # (c) profit 60,000 x 0.9235 = 55,410; limit 123,000; 55,410 x 0.186 = 10,306.26; 55,410 x 0.0435 =
    #         2,410.34; line 36 = 12,716.60
    #     half 12,716.60 / 3 = 4,238.87; line 1 55,761.14 x 1.5 = 83,641.70
    #     - 16,100 - QBI 13,508.34 (20 % of 83,641.70, at most 20 % of 67,541.70) = 54,033.36; tax 6,599.34;
    #         + SE 12,716.60 = line 19 19,315.93
    # (d) profit 120,000 x 0.9235 = 110,820; limit 184,500; 110,820 x 0.124 = 13,741.68; 110,820 x 0.029 =
    #         3,213.78; line 36 = 16,955.46
    #     half 16,955.46 / 2 = 8,477.73; line 1 111,522.27 x 1 = 111,522.27
    #     - 16,100 - QBI 19,084.45 (20 % of 111,522.27, at most 20 % of 95,422.27) = 76,337.82; tax
    #         11,506.32; + SE 16,955.46 = line 19 28,461.78
    # line 9 = 90 % of 28,461.78 = 25,615.60, a quarter 6,403.90
    # (a) 7,426.93 x 0.225 = 1,671.06 - 0 = 1,671.06; at most 6,403.90; line 27 = 1,671.06
    # (b) 12,037.20 x 0.45 = 5,416.74 - 1,671.06 = 3,745.68; at most 11,136.74; line 27 = 3,745.68
    # (c) 19,315.93 x 0.675 = 13,038.26 - 5,416.74 = 7,621.52; at most 13,794.96; line 27 = 7,621.52
    # (d) 28,461.78 x 0.9 = 25,615.60 - 13,038.26 = 12,577.35; at most 12,577.35; line 27 = 12,577.35
    Case(
        name="rising income",
        status=FilingStatus.SINGLE,
        profits=(10_000, 25_000, 60_000, 120_000),
        line_36=(565_182, 847_773, 1_271_660, 1_695_546),
        line_19=(742_693, 1_203_720, 1_931_593, 2_846_178),
        line_27=(167_106, 374_568, 762_152, 1_257_735),
    ),
    # (a) profit 60,000 x 0.9235 = 55,410; limit 46,125; 46,125 x 0.496 = 22,878; 55,410 x 0.116 = 6,427.56;
    #         line 36 = 29,305.56
    #     half 29,305.56 / 8 = 3,663.20; line 1 56,336.81 x 4 = 225,347.22
    #     - 16,100 - QBI 40,564.17 (20 % of 225,347.22, 7,497.22 of 75,000 over the threshold) = 168,683.05;
    #         tax 33,081.93; + SE 29,305.56 + Medicare 194.76 = line 19 62,582.25
    # (b) profit 80,000 x 0.9235 = 73,880; limit 76,875; 73,880 x 0.2976 = 21,986.69; 73,880 x 0.0696 =
    #         5,142.05; line 36 = 27,128.74
    #     half 27,128.74 / 4.8 = 5,651.82; line 1 74,348.18 x 2.4 = 178,435.63
    #     - 16,100 - QBI 32,467.13 (20 % of 178,435.63, at most 20 % of 162,335.63) = 129,868.51; tax
    #         23,766.44; + SE 27,128.74 = line 19 50,895.18
    # (c) profit 95,000 x 0.9235 = 87,732.50; limit 123,000; 87,732.50 x 0.186 = 16,318.25; 87,732.50 x
    #         0.0435 = 3,816.36; line 36 = 20,134.61
    #     half 20,134.61 / 3 = 6,711.54; line 1 88,288.46 x 1.5 = 132,432.70
    #     - 16,100 - QBI 23,266.54 (20 % of 132,432.70, at most 20 % of 116,332.70) = 93,066.16; tax
    #         15,186.55; + SE 20,134.61 = line 19 35,321.16
    # (d) profit 100,000 x 0.9235 = 92,350; limit 184,500; 92,350 x 0.124 = 11,451.40; 92,350 x 0.029 =
    #         2,678.15; line 36 = 14,129.55
    #     half 14,129.55 / 2 = 7,064.78; line 1 92,935.23 x 1 = 92,935.23
    #     - 16,100 - QBI 15,367.05 (20 % of 92,935.23, at most 20 % of 76,835.23) = 61,468.18; tax 8,235; +
    #         SE 14,129.55 = line 19 22,364.55
    # line 9 = 90 % of 22,364.55 = 20,128.09, a quarter 5,032.02
    # (a) 62,582.25 x 0.225 = 14,081.01 - 0 = 14,081.01; at most 5,032.02; line 27 = 5,032.02
    # (b) 50,895.18 x 0.45 = 22,902.83 - 5,032.02 = 17,870.81; at most 5,032.02; line 27 = 5,032.02
    # (c) 35,321.16 x 0.675 = 23,841.79 - 10,064.05 = 13,777.74; at most 5,032.02; line 27 = 5,032.02
    # (d) 22,364.55 x 0.9 = 20,128.09 - 15,096.07 = 5,032.02; at most 5,032.02; line 27 = 5,032.02
    Case(
        name="falling income",
        status=FilingStatus.SINGLE,
        profits=(60_000, 80_000, 95_000, 100_000),
        line_36=(2_930_556, 2_712_874, 2_013_461, 1_412_955),
        line_19=(6_258_225, 5_089_518, 3_532_116, 2_236_455),
        line_27=(503_202, 503_202, 503_202, 503_202),
    ),
    # (a) profit 20,000 x 0.9235 = 18,470; limit 46,125; 18,470 x 0.496 = 9,161.12; 18,470 x 0.116 =
    #         2,142.52; line 36 = 11,303.64
    #     half 11,303.64 / 8 = 1,412.96; line 1 18,587.05 x 4 = 74,348.18
    #     - 16,100 - QBI 11,649.64 (20 % of 74,348.18, at most 20 % of 58,248.18) = 46,598.54; tax 5,343.83;
    #         + SE 11,303.64 = line 19 16,647.47
    # (b) profit 60,000 x 0.9235 = 55,410; limit 76,875; 55,410 x 0.2976 = 16,490.02; 55,410 x 0.0696 =
    #         3,856.54; line 36 = 20,346.55
    #     half 20,346.55 / 4.8 = 4,238.87; line 1 55,761.14 x 2.4 = 133,826.72
    #     - 16,100 - QBI 23,545.34 (20 % of 133,826.72, at most 20 % of 117,726.72) = 94,181.38; tax
    #         15,431.90; + SE 20,346.55 = line 19 35,778.46
    # (c) profit 120,000 x 0.9235 = 110,820; limit 123,000; 110,820 x 0.186 = 20,612.52; 110,820 x 0.0435 =
    #         4,820.67; line 36 = 25,433.19
    #     half 25,433.19 / 3 = 8,477.73; line 1 111,522.27 x 1.5 = 167,283.41
    #     - 16,100 - QBI 30,236.68 (20 % of 167,283.41, at most 20 % of 151,183.41) = 120,946.72; tax
    #         21,625.21; + SE 25,433.19 = line 19 47,058.40
    # (d) profit 220,000 x 0.9235 = 203,170; limit 184,500; 184,500 x 0.124 = 22,878; 203,170 x 0.029 =
    #         5,891.93; line 36 = 28,769.93
    #     half 28,769.93 / 2 = 14,384.97; line 1 205,615.04 x 1 = 205,615.04
    #     - 16,100 - QBI 37,903.01 (20 % of 205,615.04, at most 20 % of 189,515.04) = 151,612.03; tax
    #         28,984.89; + SE 28,769.93 + Medicare 28.53 = line 19 57,783.35
    # 90 % of 57,783.35 = 52,005.01; prior 33,000; line 9 = 33,000, a quarter 8,250
    # (a) 16,647.47 x 0.225 = 3,745.68 - 0 = 3,745.68; at most 8,250; line 27 = 3,745.68
    # (b) 35,778.46 x 0.45 = 16,100.30 - 3,745.68 = 12,354.63; at most 12,754.32; line 27 = 12,354.63
    # (c) 47,058.40 x 0.675 = 31,764.42 - 16,100.30 = 15,664.12; at most 8,649.70; line 27 = 8,649.70
    # (d) 57,783.35 x 0.9 = 52,005.01 - 24,750 = 27,255.01; at most 8,250; line 27 = 8,250
    Case(
        name="110 percent of last year",
        status=FilingStatus.SINGLE,
        profits=(20_000, 60_000, 120_000, 220_000),
        prior_tax=30_000,
        prior_income=200_000,
        line_36=(1_130_364, 2_034_655, 2_543_319, 2_876_993),
        line_19=(1_664_747, 3_577_846, 4_705_840, 5_778_335),
        line_27=(374_568, 1_235_463, 864_970, 825_000),
    ),
    # (a) profit 20,000 x 0.9235 = 18,470; limit 46,125 - wages 50,000 = 0; 0 x 0.496 = 0; 18,470 x 0.116 =
    #         2,142.52; line 36 = 2,142.52
    #     half 2,142.52 / 8 = 267.82; line 1 69,732.19 x 4 = 278,928.74
    #     - 16,100 - QBI 2,930.10 (20 % of 78,928.74, 61,078.74 of 75,000 over the threshold) = 259,898.64;
    #         tax 59,733.77; + SE 2,142.52 + Medicare 664.92 = line 19 62,541.21
    # (b) profit 30,000 x 0.9235 = 27,705; limit 76,875 - wages 70,000 = 6,875; 6,875 x 0.2976 = 2,046;
    #         27,705 x 0.0696 = 1,928.27; line 36 = 3,974.27
    #     half 3,974.27 / 4.8 = 827.97; line 1 99,172.03 x 2.4 = 238,012.87
    #     - 16,100 - QBI 10,238.15 (20 % of 70,012.87, 20,162.87 of 75,000 over the threshold) = 211,674.72;
    #         tax 44,191.91; + SE 3,974.27 + Medicare 310.43 = line 19 48,476.61
    # (c) profit 45,000 x 0.9235 = 41,557.50; limit 123,000 - wages 100,000 = 23,000; 23,000 x 0.186 =
    #         4,278; 41,557.50 x 0.0435 = 1,807.75; line 36 = 6,085.75
    #     half 6,085.75 / 3 = 2,028.58; line 1 142,971.42 x 1.5 = 214,457.12
    #     - 16,100 - QBI 12,891.42 (20 % of 64,457.12) = 185,465.70; tax 37,109.77; + SE 6,085.75 + Medicare
    #         111.03 = line 19 43,306.55
    # (d) profit 60,000 x 0.9235 = 55,410; limit 184,500 - wages 130,000 = 54,500; 54,500 x 0.124 = 6,758;
    #         55,410 x 0.029 = 1,606.89; line 36 = 8,364.89
    #     half 8,364.89 / 2 = 4,182.45; line 1 185,817.56 x 1 = 185,817.56
    #     - 16,100 - QBI 11,163.51 (20 % of 55,817.56) = 158,554.04; tax 30,650.97; + SE 8,364.89 = line 19
    #         39,015.86
    # line 9 = 90 % of 39,015.86 = 35,114.27, a quarter 8,778.57
    # (a) 62,541.21 x 0.225 = 14,071.77 - 0 = 14,071.77; at most 8,778.57; line 27 = 8,778.57
    # (b) 48,476.61 x 0.45 = 21,814.47 - 8,778.57 = 13,035.90; at most 8,778.57; line 27 = 8,778.57
    # (c) 43,306.55 x 0.675 = 29,231.92 - 17,557.14 = 11,674.78; at most 8,778.57; line 27 = 8,778.57
    # (d) 39,015.86 x 0.9 = 35,114.27 - 26,335.71 = 8,778.57; at most 8,778.57; line 27 = 8,778.57
    Case(
        name="wages near the base",
        status=FilingStatus.SINGLE,
        profits=(20_000, 30_000, 45_000, 60_000),
        wages=(50_000, 70_000, 100_000, 130_000),
        line_36=(214_252, 397_427, 608_575, 836_489),
        line_19=(6_254_121, 4_847_661, 4_330_655, 3_901_586),
        line_27=(877_857, 877_857, 877_857, 877_857),
    ),
    # (a) profit 30,000 x 0.9235 = 27,705; limit 46,125; 27,705 x 0.496 = 13,741.68; 27,705 x 0.116 =
    #         3,213.78; line 36 = 16,955.46
    #     half 16,955.46 / 8 = 2,119.43; line 1 27,880.57 x 4 = 111,522.27
    #     - 16,100 - QBI 19,084.45 (20 % of 111,522.27, at most 20 % of 95,422.27) = 76,337.82; tax
    #         11,506.32; + SE 16,955.46 = line 19 28,461.78
    # (b) profit 50,000 x 0.9235 = 46,175; limit 76,875; 46,175 x 0.2976 = 13,741.68; 46,175 x 0.0696 =
    #         3,213.78; line 36 = 16,955.46
    #     half 16,955.46 / 4.8 = 3,532.39; line 1 46,467.61 x 2.4 = 111,522.27
    #     - 16,100 - QBI 19,084.45 (20 % of 111,522.27, at most 20 % of 95,422.27) = 76,337.82; tax
    #         11,506.32; + SE 16,955.46 = line 19 28,461.78
    # (c) profit 80,000 x 0.9235 = 73,880; limit 123,000; 73,880 x 0.186 = 13,741.68; 73,880 x 0.0435 =
    #         3,213.78; line 36 = 16,955.46
    #     half 16,955.46 / 3 = 5,651.82; line 1 74,348.18 x 1.5 = 111,522.27
    #     - 16,100 - QBI 19,084.45 (20 % of 111,522.27, at most 20 % of 95,422.27) = 76,337.82; tax
    #         11,506.32; + SE 16,955.46 = line 19 28,461.78
    # (d) profit 120,000 x 0.9235 = 110,820; limit 184,500; 110,820 x 0.124 = 13,741.68; 110,820 x 0.029 =
    #         3,213.78; line 36 = 16,955.46
    #     half 16,955.46 / 2 = 8,477.73; line 1 111,522.27 x 1 = 111,522.27
    #     - 16,100 - QBI 19,084.45 (20 % of 111,522.27, at most 20 % of 95,422.27) = 76,337.82; tax
    #         11,506.32; + SE 16,955.46 = line 19 28,461.78
    # 90 % of 28,461.78 = 25,615.60; prior 22,000; line 9 = 22,000, a quarter 5,500
    # (a) 28,461.78 x 0.225 = 6,403.90 - 0 = 6,403.90; at most 5,500; line 27 = 5,500
    # (b) 28,461.78 x 0.45 = 12,807.80 - 5,500 = 7,307.80; at most 5,500; line 27 = 5,500
    # (c) 28,461.78 x 0.675 = 19,211.70 - 11,000 = 8,211.70; at most 5,500; line 27 = 5,500
    # (d) 28,461.78 x 0.9 = 25,615.60 - 16,500 = 9,115.60; at most 5,500; line 27 = 5,500
    Case(
        name="separate return",
        status=FilingStatus.MFS,
        profits=(30_000, 50_000, 80_000, 120_000),
        prior_tax=20_000,
        prior_income=80_000,
        line_36=(1_695_546, 1_695_546, 1_695_546, 1_695_546),
        line_19=(2_846_178, 2_846_178, 2_846_178, 2_846_178),
        line_27=(550_000, 550_000, 550_000, 550_000),
    ),
    # (a) profit 20,000 x 0.9235 = 18,470; limit 46,125; 18,470 x 0.496 = 9,161.12; 18,470 x 0.116 =
    #         2,142.52; line 36 = 11,303.64
    #     profit -5,000: no SE tax
    #     half 11,303.64 / 8 = 1,412.96; line 1 13,587.05 x 4 = 54,348.18
    #     - 32,200 - QBI 4,429.64 (20 % of 54,348.18, at most 20 % of 22,148.18) = 17,718.54; tax 1,771.85;
    #         + SE 11,303.64 = line 19 13,075.49
    # (b) profit 35,000 x 0.9235 = 32,322.50; limit 76,875; 32,322.50 x 0.2976 = 9,619.18; 32,322.50 x
    #         0.0696 = 2,249.65; line 36 = 11,868.82
    #     profit 2,000 x 0.9235 = 1,847; limit 76,875; 1,847 x 0.2976 = 549.67; 1,847 x 0.0696 = 128.55;
    #         line 36 = 678.22
    #     half 12,547.04 / 4.8 = 2,613.97; line 1 34,386.03 x 2.4 = 82,526.48
    #     - 32,200 - QBI 10,065.30 (20 % of 82,526.48, at most 20 % of 50,326.48) = 40,261.18; tax 4,335.34;
    #         + SE 12,547.04 = line 19 16,882.38
    # (c) profit 60,000 x 0.9235 = 55,410; limit 123,000; 55,410 x 0.186 = 10,306.26; 55,410 x 0.0435 =
    #         2,410.34; line 36 = 12,716.60
    #     profit 10,000 x 0.9235 = 9,235; limit 123,000; 9,235 x 0.186 = 1,717.71; 9,235 x 0.0435 = 401.72;
    #         line 36 = 2,119.43
    #     half 14,836.03 / 3 = 4,945.34; line 1 65,054.66 x 1.5 = 97,581.99
    #     - 32,200 - QBI 13,076.40 (20 % of 97,581.99, at most 20 % of 65,381.99) = 52,305.59; tax 5,780.67;
    #         + SE 14,836.03 = line 19 20,616.70
    # (d) profit 90,000 x 0.9235 = 83,115; limit 184,500; 83,115 x 0.124 = 10,306.26; 83,115 x 0.029 =
    #         2,410.34; line 36 = 12,716.60
    #     profit 25,000 x 0.9235 = 23,087.50; limit 184,500; 23,087.50 x 0.124 = 2,862.85; 23,087.50 x 0.029
    #         = 669.54; line 36 = 3,532.39
    #     half 16,248.98 / 2 = 8,124.49; line 1 106,875.51 x 1 = 106,875.51
    #     - 32,200 - QBI 14,935.10 (20 % of 106,875.51, at most 20 % of 74,675.51) = 59,740.41; tax
    #         6,672.85; + SE 16,248.98 = line 19 22,921.83
    # line 9 = 90 % of 22,921.83 = 20,629.65, a quarter 5,157.41
    # (a) 13,075.49 x 0.225 = 2,941.99 - 0 = 2,941.99; at most 5,157.41; line 27 = 2,941.99
    # (b) 16,882.38 x 0.45 = 7,597.07 - 2,941.99 = 4,655.09; at most 7,372.84; line 27 = 4,655.09
    # (c) 20,616.70 x 0.675 = 13,916.27 - 7,597.07 = 6,319.20; at most 7,875.16; line 27 = 6,319.20
    # (d) 22,921.83 x 0.9 = 20,629.65 - 13,916.27 = 6,713.38; at most 6,713.38; line 27 = 6,713.38
    Case(
        name="joint return, two businesses",
        status=FilingStatus.MFJ,
        profits=(20_000, 35_000, 60_000, 90_000),
        spouse_profits=(-5000, 2000, 10_000, 25_000),
        line_36=(1_130_364, 1_254_704, 1_483_603, 1_624_898),
        line_19=(1_307_549, 1_688_238, 2_061_670, 2_292_183),
        line_27=(294_199, 465_509, 631_920, 671_338),
    ),
    # (a) profit -10,000: no SE tax
    #     half 0 / 8 = 0; line 1 -10,000 x 4 = -40,000
    #     - 16,100 - QBI 0 = 0; tax 0; + SE 0 = line 19 0
    # (b) profit 5,000 x 0.9235 = 4,617.50; limit 76,875; 4,617.50 x 0.2976 = 1,374.17; 4,617.50 x 0.0696 =
    #         321.38; line 36 = 1,695.55
    #     half 1,695.55 / 4.8 = 353.24; line 1 4,646.76 x 2.4 = 11,152.23
    #     - 16,100 - QBI 400 (20 % of 11,152.23) = 0; tax 0; + SE 1,695.55; earned income
    #         credit without children 664 - (11,152.23 - 10,860) x 0.0765 = 641.64; line 19 1,053.90
    # (c) profit 60,000 x 0.9235 = 55,410; limit 123,000; 55,410 x 0.186 = 10,306.26; 55,410 x 0.0435 =
    #         2,410.34; line 36 = 12,716.60
    #     half 12,716.60 / 3 = 4,238.87; line 1 55,761.14 x 1.5 = 83,641.70
    #     - 16,100 - QBI 13,508.34 (20 % of 83,641.70, at most 20 % of 67,541.70) = 54,033.36; tax 6,599.34;
    #         + SE 12,716.60 = line 19 19,315.93
    # (d) profit 110,000 x 0.9235 = 101,585; limit 184,500; 101,585 x 0.124 = 12,596.54; 101,585 x 0.029 =
    #         2,945.97; line 36 = 15,542.51
    #     half 15,542.51 / 2 = 7,771.25; line 1 102,228.75 x 1 = 102,228.75
    #     - 16,100 - QBI 17,225.75 (20 % of 102,228.75, at most 20 % of 86,128.75) = 68,903; tax 9,870.66; +
    #         SE 15,542.51 = line 19 25,413.16
    # line 9 = 90 % of 25,413.16 = 22,871.85, a quarter 5,717.96
    # (a) 0 x 0.225 = 0 - 0 = 0; at most 5,717.96; line 27 = 0
    # (b) 1,053.90 x 0.45 = 474.26 - 0 = 474.26; at most 11,435.92; line 27 = 474.26
    # (c) 19,315.93 x 0.675 = 13,038.26 - 474.26 = 12,564.00; at most 16,679.62; line 27 = 12,564.00
    # (d) 25,413.16 x 0.9 = 22,871.85 - 13,038.26 = 9,833.59; at most 9,833.59; line 27 = 9,833.59
    Case(
        name="a loss, then profit: recapture",
        status=FilingStatus.SINGLE,
        profits=(-10_000, 5000, 60_000, 110_000),
        line_36=(0, 169_555, 1_271_660, 1_554_251),
        line_19=(0, 105_390, 1_931_593, 2_541_316),
        line_27=(0, 47_426, 1_256_400, 983_359),
    ),
    # (a) profit 15,000 x 0.9235 = 13,852.50; limit 46,125; 13,852.50 x 0.496 = 6,870.84; 13,852.50 x 0.116
    #         = 1,606.89; line 36 = 8,477.73
    #     half 8,477.73 / 8 = 1,059.72; line 1 13,940.28 x 4 = 55,761.14
    #     - 16,100 - QBI 7,932.23 (20 % of 55,761.14, at most 20 % of 39,661.14) = 31,728.91; tax 3,559.47;
    #         + SE 8,477.73 = line 19 12,037.20
    # (b) profit 25,000 x 0.9235 = 23,087.50; limit 76,875; 23,087.50 x 0.2976 = 6,870.84; 23,087.50 x
    #         0.0696 = 1,606.89; line 36 = 8,477.73
    #     half 8,477.73 / 4.8 = 1,766.19; line 1 23,233.81 x 2.4 = 55,761.14
    #     - 16,100 - QBI 7,932.23 (20 % of 55,761.14, at most 20 % of 39,661.14) = 31,728.91; tax 3,559.47;
    #         + SE 8,477.73 = line 19 12,037.20
    # (c) profit 40,000 x 0.9235 = 36,940; limit 123,000; 36,940 x 0.186 = 6,870.84; 36,940 x 0.0435 =
    #         1,606.89; line 36 = 8,477.73
    #     half 8,477.73 / 3 = 2,825.91; line 1 137,174.09 x 1.5 = 205,761.14
    #     - 16,100 - QBI 7,932.23 (20 % of 55,761.14, at most 20 % of 39,661.14) = 181,728.91; tax on
    #         31,728.91 = 3,559.47 + 132,278.91 x 0.15 = 23,401.31; + SE 8,477.73 + NIIT 218.92 = line 19
    #         32,097.96
    # (d) profit 60,000 x 0.9235 = 55,410; limit 184,500; 55,410 x 0.124 = 6,870.84; 55,410 x 0.029 =
    #         1,606.89; line 36 = 8,477.73
    #     half 8,477.73 / 2 = 4,238.87; line 1 155,761.14 x 1 = 155,761.14
    #     - 16,100 - QBI 7,932.23 (20 % of 55,761.14, at most 20 % of 39,661.14) = 131,728.91; tax on
    #         31,728.91 = 3,559.47 + 82,278.91 x 0.15 = 15,901.31; + SE 8,477.73 = line 19 24,379.04
    # line 9 = 90 % of 24,379.04 = 21,941.13, a quarter 5,485.28
    # (a) 12,037.20 x 0.225 = 2,708.37 - 0 = 2,708.37; at most 5,485.28; line 27 = 2,708.37
    # (b) 12,037.20 x 0.45 = 5,416.74 - 2,708.37 = 2,708.37; at most 8,262.20; line 27 = 2,708.37
    # (c) 32,097.96 x 0.675 = 21,666.12 - 5,416.74 = 16,249.38; at most 11,039.11; line 27 = 11,039.11
    # (d) 24,379.04 x 0.9 = 21,941.13 - 16,455.85 = 5,485.28; at most 5,485.28; line 27 = 5,485.28
    Case(
        name="a large gain in one period",
        status=FilingStatus.SINGLE,
        profits=(15_000, 25_000, 40_000, 60_000),
        gains=(0, 0, 100_000, 100_000),
        line_36=(847_773, 847_773, 847_773, 847_773),
        line_19=(1_203_720, 1_203_720, 3_209_796, 2_437_904),
        line_27=(270_837, 270_837, 1_103_911, 548_528),
    ),
    # (a) profit 90,000 x 0.9235 = 83,115; limit 46,125; 46,125 x 0.496 = 22,878; 83,115 x 0.116 = 9,641.34;
    #         line 36 = 32,519.34
    #     half 32,519.34 / 8 = 4,064.92; line 1 85,935.08 x 4 = 343,740.33
    #     - 16,100 - QBI 400 (20 % of 343,740.33, 75,000 of 75,000 over the threshold) = 327,240.33; tax
    #         83,303.37; + SE 32,519.34 + Medicare 1,192.14 = line 19 117,014.85
    # (b) profit 100,000 x 0.9235 = 92,350; limit 76,875; 76,875 x 0.2976 = 22,878; 92,350 x 0.0696 =
    #         6,427.56; line 36 = 29,305.56
    #     half 29,305.56 / 4.8 = 6,105.33; line 1 93,894.68 x 2.4 = 225,347.22
    #     - 16,100 - QBI 40,564.17 (20 % of 225,347.22, 7,497.22 of 75,000 over the threshold) = 168,683.05;
    #         tax 33,081.93; + SE 29,305.56 + Medicare 194.76 = line 19 62,582.25
    # (c) profit 110,000 x 0.9235 = 101,585; limit 123,000; 101,585 x 0.186 = 18,894.81; 101,585 x 0.0435 =
    #         4,418.95; line 36 = 23,313.76
    #     half 23,313.76 / 3 = 7,771.25; line 1 102,228.75 x 1.5 = 153,343.12
    #     - 16,100 - QBI 27,448.62 (20 % of 153,343.12, at most 20 % of 137,243.12) = 109,794.50; tax
    #         18,948.68; + SE 23,313.76 = line 19 42,262.44
    # (d) profit 120,000 x 0.9235 = 110,820; limit 184,500; 110,820 x 0.124 = 13,741.68; 110,820 x 0.029 =
    #         3,213.78; line 36 = 16,955.46
    #     half 16,955.46 / 2 = 8,477.73; line 1 111,522.27 x 1 = 111,522.27
    #     - 16,100 - QBI 19,084.45 (20 % of 111,522.27, at most 20 % of 95,422.27) = 76,337.82; tax
    #         11,506.32; + SE 16,955.46 = line 19 28,461.78
    # line 9 = 90 % of 28,461.78 = 25,615.60, a quarter 6,403.90
    # (a) 117,014.85 x 0.225 = 26,328.34 - 0 = 26,328.34; at most 6,403.90; line 27 = 6,403.90
    # (b) 62,582.25 x 0.45 = 28,162.01 - 6,403.90 = 21,758.11; at most 6,403.90; line 27 = 6,403.90
    # (c) 42,262.44 x 0.675 = 28,527.14 - 12,807.80 = 15,719.34; at most 6,403.90; line 27 = 6,403.90
    # (d) 28,461.78 x 0.9 = 25,615.60 - 19,211.70 = 6,403.90; at most 6,403.90; line 27 = 6,403.90
    Case(
        name="a first quarter above the base",
        status=FilingStatus.SINGLE,
        profits=(90_000, 100_000, 110_000, 120_000),
        line_36=(3_251_934, 2_930_556, 2_331_376, 1_695_546),
        line_19=(11_701_485, 6_258_225, 4_226_244, 2_846_178),
        line_27=(640_390, 640_390, 640_390, 640_390),
    ),
    # (a) profit 6,000 x 0.9235 = 5,541; limit 46,125; 5,541 x 0.496 = 2,748.34; 5,541 x 0.116 = 642.76;
    #         line 36 = 3,391.09
    #     half 3,391.09 / 8 = 423.89; line 1 5,576.11 x 4 = 22,304.45
    #     - 24,150 - QBI 400 (20 % of 22,304.45) = 0; tax 0; + SE 3,391.09; credits: child 0 + 1,700, earned
    #         income 4,426.80 = line 19 0
    # (b) profit 12,500 x 0.9235 = 11,543.75; limit 76,875; 11,543.75 x 0.2976 = 3,435.42; 11,543.75 x
    #         0.0696 = 803.45; line 36 = 4,238.87
    #     half 4,238.87 / 4.8 = 883.10; line 1 11,616.90 x 2.4 = 27,880.57
    #     - 24,150 - QBI 746.11 (20 % of 27,880.57, at most 20 % of 3,730.57) = 2,984.45; tax 298.45; + SE
    #         4,238.87; credits: child 298.45 + 1,700, earned income 3,789.31 = line 19 0
    # (c) profit 24,000 x 0.9235 = 22,164; limit 123,000; 22,164 x 0.186 = 4,122.50; 22,164 x 0.0435 =
    #         964.13; line 36 = 5,086.64
    #     half 5,086.64 / 3 = 1,695.55; line 1 22,304.45 x 1.5 = 33,456.68
    #     - 24,150 - QBI 1,861.34 (20 % of 33,456.68, at most 20 % of 9,306.68) = 7,445.34; tax 744.53; + SE
    #         5,086.64; credits: child 744.53 + 1,455.47, earned income 2,898.24 = line 19 732.93
    # (d) profit 48,000 x 0.9235 = 44,328; limit 184,500; 44,328 x 0.124 = 5,496.67; 44,328 x 0.029 =
    #         1,285.51; line 36 = 6,782.18
    #     half 6,782.18 / 2 = 3,391.09; line 1 44,608.91 x 1 = 44,608.91
    #     - 24,150 - QBI 4,091.78 (20 % of 44,608.91, at most 20 % of 20,458.91) = 16,367.13; tax 1,636.71;
    #         + SE 6,782.18; credits: child 1,636.71 + 563.29, earned income 1,116.12 = line 19 5,102.78
    # line 9 = 90 % of 5,102.78 = 4,592.50, a quarter 1,148.13
    # (a) 0 x 0.225 = 0 - 0 = 0; at most 1,148.13; line 27 = 0
    # (b) 0 x 0.45 = 0 - 0 = 0; at most 2,296.25; line 27 = 0
    # (c) 732.93 x 0.675 = 494.73 - 0 = 494.73; at most 3,444.38; line 27 = 494.73
    # (d) 5,102.78 x 0.9 = 4,592.50 - 494.73 = 4,097.77; at most 4,097.77; line 27 = 4,097.77
    Case(
        name="a child and the earned income credit",
        status=FilingStatus.HOH,
        profits=(6000, 12_500, 24_000, 48_000),
        children_ages=(8,),
        line_36=(339_109, 423_887, 508_664, 678_218),
        line_19=(0, 0, 73_293, 510_278),
        line_27=(0, 0, 49_473, 409_777),
    ),
)


def _near(found: object, expected: object) -> bool:
    assert isinstance(found, list | tuple)
    assert isinstance(expected, list | tuple)
    return all(abs(ours - theirs) <= ROUNDING for ours, theirs in zip(found, expected, strict=True))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_the_schedule_gives_what_the_form_gives(
    case: Case, figures: dict[int, Parameters], schedules: dict[str, Rules], due_rules: DueDateRules
) -> None:
    year, rules = figures[2026], schedules["federal"]
    tax_of = federal_period(year, lambda household: evaluate(household, year, explain=False))
    dues = dates(rules, 2026, due_rules)
    periods = [tax_of(case.period(column), factor_of(due.months)) for column, due in enumerate(dues)]
    assert _near([_own(period) for period in periods], case.line_36)
    assert _near([period.tax for period in periods], case.line_19)
    facts = Facts(
        filing_status=case.status,
        tax=periods[-1].tax,
        prior_tax=None if case.prior_tax is None else case.prior_tax * 100,
        prior_income=None if case.prior_income is None else case.prior_income * 100,
    )
    by_current, by_prior = regular(rules, facts, dues), prior_year(rules, facts, dues)
    annual = min(each.annual for each in (by_current, by_prior) if each.available)
    found = annualized(rules, dues, periods, annual)
    assert _near(found.required, case.line_27)
    assert all(line.source or not line.formula.count("0.") for line in found.lines)


def _own(period: PeriodTax) -> int:
    return sum(line.cents for line in period.lines if line.line == "36")


@pytest.mark.parametrize(
    ("year", "months", "limit", "social", "medicare"),
    [
        (2024, 3, 42_150, "0.496", "0.116"), (2024, 5, 70_250, "0.2976", "0.0696"),
        (2024, 8, 112_400, "0.186", "0.0435"), (2024, 12, 168_600, "0.124", "0.029"),
        (2025, 3, 44_025, "0.496", "0.116"), (2025, 5, 73_375, "0.2976", "0.0696"),
        (2025, 8, 117_400, "0.186", "0.0435"), (2025, 12, 176_100, "0.124", "0.029"),
        (2026, 3, 46_125, "0.496", "0.116"), (2026, 5, 76_875, "0.2976", "0.0696"),
        (2026, 8, 123_000, "0.186", "0.0435"), (2026, 12, 184_500, "0.124", "0.029"),
    ],
)  # fmt: skip
def test_the_limits_and_rates_of_the_form_follow_from_the_figures_of_the_year(
    figures: dict[int, Parameters], year: int, months: int, limit: int, social: str, medicare: str
) -> None:
    own = figures[year].self_employment
    profit = 100_000_000
    earnings = 92_350_000
    found = annualized_self_employment(own, profit, 0, factor_of(months))
    expected = limit * 100 * Decimal(social) + earnings * Decimal(medicare)
    assert abs(found.tax - expected) <= ROUNDING
    # The half of the period is the annualized tax divided by 8, 4.8, 3 or 2.
    divisor = {3: 8, 5: Decimal("4.8"), 8: 3, 12: 2}[months]
    assert abs(found.deductible_half - found.tax / Decimal(divisor)) <= 1


def test_the_factors_are_those_of_the_form() -> None:
    assert [factor_of(months) for months in (3, 5, 8, 12)] == [4, Decimal("2.4"), Decimal("1.5"), 1]


def test_net_earnings_below_the_floor_of_the_year_pay_no_tax_of_their_own(figures: dict[int, Parameters]) -> None:
    # 108 x 0.9235 x 4 = 398.95 is below 400; 109 x 0.9235 x 4 = 402.65 is not.
    own = figures[2026].self_employment
    assert annualized_self_employment(own, 10_800, 0, factor_of(3)).tax == 0
    # 100.66 x 0.496 = 49.93; 100.66 x 0.116 = 11.68
    assert annualized_self_employment(own, 10_900, 0, factor_of(3)).tax == 6_161
