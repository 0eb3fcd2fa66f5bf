-- customers, and whether there is any way to reach them: one a source knows, or one that people typed in
select
  person.customer_id,
  person.phone is not null
    or person.phone_2 is not null
    or person.email is not null
    or person.address is not null
    or reached.customer_id is not null as has_contact
from person
left join reached on reached.customer_id = person.customer_id
