select source, source_key, customer_id
from customer_xref_by_party
