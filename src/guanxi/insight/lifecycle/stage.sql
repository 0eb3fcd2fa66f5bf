-- Where the relationship stands. The mean gap between orders is days / (orders - 1); multiplied out, so it stays whole.
with relation as (
    select
        customer_id,
        as_of,
        frequency as orders,
        gx_days_between(last_purchase_on, as_of) as silence,
        gx_days_between(first_purchase_on, last_purchase_on) as known,
        last_purchase_on <= gx_add_months(as_of, -$lost_after_months) as is_lost
    from summary
    where frequency >= 1
)
select
    customer_id,
    as_of,
    case
        when is_lost then 'decline'
        when orders = 1 and silence > $single_order_quiet_days then 'decline'
        when orders = 1 then 'exploration'
        when silence > $quiet_days and silence * (orders - 1) * 1000 > known * $quiet_gap_thousandths then 'decline'
        when orders >= $stable_orders and known >= $stable_days then 'stable'
        else 'build_up'
    end as stage
from relation
