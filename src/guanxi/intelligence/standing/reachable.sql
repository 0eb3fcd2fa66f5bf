-- customers, and whether there is any way to reach them
select
  customer_id,
  phone is not null or phone_2 is not null or email is not null or address is not null as has_contact
from person
