; inherits: ecmascript
(abstract_class_declaration) @class
(interface_declaration) @interface
(enum_declaration) @enum
(type_alias_declaration value: [(object_type) (intersection_type)]) @alias
(internal_module) @namespace
(module) @namespace
(function_signature) @function
(class_body [(method_signature) (abstract_method_signature)] @method)
(interface_body (method_signature) @method)
(object_type (method_signature) @signature)
(class_body (decorator) @decorator)
(public_field_definition
  value: [
    (arrow_function) (function_expression) (generator_function) (class) (object) (parenthesized_expression)
    (as_expression) (satisfies_expression)
  ]) @field
(object (pair value: [(as_expression) (satisfies_expression)]) @member)
(variable_declarator
  name: (identifier) value: [(as_expression) (satisfies_expression)]) @bound
(assignment_expression
  left: (member_expression) right: [(as_expression) (satisfies_expression)]) @assigned
(import_require_clause source: (string) @import)
