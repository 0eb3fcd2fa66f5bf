-- What was known of each customer at each month end from his first order on. A purchase is first summed up at the
-- month end it is first known at, then carried to all later ones, so the facts are read once.
with first_known as (
    select
        customer_id,
        gx_above(gx_date(ordered_at), $month_ends) as position,
        count(*) as orders,
        min(gx_date(ordered_at)) as first_on,
        max(gx_date(ordered_at)) as last_on
    from purchase
    where customer_id is not null
        and not (is_return or is_void)
        and ordered_at < gx_add_days($last_month_on, 1)
    group by customer_id, gx_above(gx_date(ordered_at), $month_ends)
)
select
    first_known.customer_id,
    month.month_on as as_of,
    min(first_known.first_on) as first_purchase_on,
    max(first_known.last_on) as last_purchase_on,
    sum(first_known.orders) as frequency
from first_known
join month on month.position >= first_known.position
group by first_known.customer_id, month.month_on
