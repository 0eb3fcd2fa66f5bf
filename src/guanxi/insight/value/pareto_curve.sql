-- The running share of the spend, at no more than $points steps along the customers.
with ranked as (
    select
        row_number() over (order by spend desc, customer_id) as place,
        sum(spend) over (order by spend desc, customer_id rows between unbounded preceding and current row) as upto,
        sum(spend) over () as everything,
        count(*) over () as customers
    from spend
    where spend > 0
)
-- place * points passes a multiple of customers exactly where the remainder is below points.
select
    gx_ratio(place, customers) as customer_share,
    gx_ratio(upto, everything) as spend_share
from ranked
where (place * $points) % customers < $points
union all
select gx_double(0) as customer_share, gx_double(0) as spend_share
order by customer_share
