-- personal columns, apart from everything else
select
  customer_id, name, gender, birth_on, company, phone, phone_2, email, certificate_type, certificate_number, address
from golden
