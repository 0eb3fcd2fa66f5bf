-- One row a customer: when, how often and for how much, as known at the end of $as_of.
with fact as (
    select
        customer_id,
        gx_date(ordered_at) as day,
        revenue,
        not (is_return or is_void) as counts
    from purchase
    where customer_id is not null
        and ordered_at < gx_add_days($as_of, 1)
)
select
    customer_id,
    $as_of as as_of,
    min(case when counts then day end) as first_purchase_on,
    max(case when counts then day end) as last_purchase_on,
    count(case when counts then 1 end) as frequency,
    gx_days_between(max(case when counts then day end), $as_of) as recency_days,
    gx_money(coalesce(sum(revenue), 0)) as monetary,
    gx_money(coalesce(sum(case when day > $window_start then revenue end), 0)) as spend_window
from fact
group by customer_id
