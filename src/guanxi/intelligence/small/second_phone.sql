-- customers with another phone than the published one
select person.customer_id
from person
inner join wanted on wanted.customer_id = person.customer_id
where person.phone_2 is not null
