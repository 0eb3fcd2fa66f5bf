-- every member's arm: the first $controls in an order that only the salt decides are kept apart
select
  customer_id,
  case
    when row_number() over (
      order by gx_bucket($salt || ':' || cast(customer_id as varchar), 2147483647), customer_id
    ) <= $controls then 'control'
    else 'treated'
  end as arm
from member
