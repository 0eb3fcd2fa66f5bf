select
  customer.region_code,
  count(*) as customers,
  sum(case when value.last_purchase_on > $window_start then 1 else 0 end) as bought_12m,
  sum(value.spend_12m) as spend_12m
from customer
inner join customer_value as value on value.customer_id = customer.customer_id
group by customer.region_code
