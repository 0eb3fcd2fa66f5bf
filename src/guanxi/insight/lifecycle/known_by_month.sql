-- What was known of each customer at each month end from his first order on. A purchase is first summed up at the
-- month end it is first known at (a position among the month ends), then what is known runs on until the next one,
-- so the facts are read once and no row is made that is not kept.
with ordered as (
    select customer_id, gx_date(ordered_at) as day
    from purchase
    where customer_id is not null
        and not (is_return or is_void)
        and ordered_at < gx_add_days($last_month_on, 1)
),
placed as (
    select customer_id, day, gx_above(day, $month_ends) as position
    from ordered
),
first_known as (
    select customer_id, position, count(*) as orders, min(day) as first_on, max(day) as last_on
    from placed
    group by customer_id, position
),
running as (
    select
        customer_id,
        position,
        lead(position) over (partition by customer_id order by position) as next_position,
        min(first_on) over (
            partition by customer_id order by position rows between unbounded preceding and current row
        ) as first_on,
        last_on,
        lag(last_on) over (partition by customer_id order by position) as before_last_on,
        sum(orders) over (
            partition by customer_id order by position rows between unbounded preceding and current row
        ) as orders
    from first_known
)
select
    running.customer_id,
    month.month_on as as_of,
    running.first_on as first_purchase_on,
    running.last_on as last_purchase_on,
    case
        when month.position = running.position then running.before_last_on else running.last_on
    end as before_last_on,
    running.orders as frequency
from running
join month
    on month.position >= running.position
    and month.position < coalesce(running.next_position, $month_count)
