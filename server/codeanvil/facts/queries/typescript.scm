; inherits: tsx
; A cast is `<T>value`, and so is `<T>(x) => y` to the grammar where its brackets may be either's.
(variable_declarator name: (identifier) value: (type_assertion)) @bound
(assignment_expression left: (member_expression) right: (type_assertion)) @assigned
(public_field_definition value: (type_assertion)) @field
(object (pair value: (type_assertion)) @member)
