select label.record, coalesce(pointer.parent, label.component) as component
from label
left join pointer on pointer.node = label.component
