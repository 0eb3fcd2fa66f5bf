-- the members of one follow-up
select
  customer_id,
  arm
from follow_up_member
where follow_up_id = $number
