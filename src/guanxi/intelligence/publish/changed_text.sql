-- every way a changed customer is written somewhere, for the search index
select distinct record.customer_id, record.name, record.phone, record.email
from record
inner join changed_customer on changed_customer.id = record.customer_id
