-- One row a customer: how often they came back, and when, as known at the end of $as_of. The grain is the day.
with visit as (
    select customer_id, gx_date(ordered_at) as day, gx_money(sum(revenue)) as spend
    from purchase
    where customer_id is not null
        and ordered_at < gx_add_days($as_of, 1)
        and not (is_return or is_void)
    group by customer_id, gx_date(ordered_at)
),
told as (
    select
        customer_id,
        count(*) - 1 as x,
        gx_days_between(min(day), max(day)) as until_last,
        gx_days_between(min(day), $as_of) as until_now,
        sum(spend) - gx_first_by(spend, day) as repeat_spend
    from visit
    group by customer_id
)
select
    customer_id,
    x,
    gx_ratio(until_last, 7) as t_x,
    gx_ratio(until_now, 7) as t,
    case when repeat_spend > 0 then gx_ratio(repeat_spend, x) end as mean_spend
from told
