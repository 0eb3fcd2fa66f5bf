-- of every currency and day somebody bought in it: the last known rate on or before that day, while it holds;
-- of a rate delivered more than once the latest delivery counts
with delivered as (
  select
    rate.currency,
    rate.rated_on,
    rate.rate,
    rate.valid_days,
    row_number() over (
      partition by rate.currency, rate.rated_on
      order by delivery.run_id desc, delivery.name desc, rate.delivery_id desc, rate.line desc
    ) as place
  from rate
  inner join delivery on delivery.delivery_id = rate.delivery_id
),
known as (
  select currency, rated_on, rate, valid_days from delivered where place = 1
),
bought as (
  select currency, gx_date(ordered_at) as bought_on, count(*) as lines
  from purchase
  where currency <> $company
  group by currency, gx_date(ordered_at)
),
moment as (
  select currency, bought_on as day_on, cast(null as date) as rated_on, lines from bought
  union all
  select currency, rated_on as day_on, rated_on, cast(null as bigint) as lines from known
),
latest as (
  select
    currency,
    day_on,
    lines,
    max(rated_on) over (partition by currency order by day_on) as rated_on
  from moment
)
select latest.currency, latest.day_on as bought_on, latest.lines, known.rate
from latest
left join known
  on known.currency = latest.currency
  and known.rated_on = latest.rated_on
  and gx_days_between(known.rated_on, latest.day_on) <= known.valid_days
where latest.lines is not null
