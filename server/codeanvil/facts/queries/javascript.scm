; inherits: ecmascript
(field_definition
  value: [
    (arrow_function) (function_expression) (generator_function) (class) (object) (parenthesized_expression)
  ]) @field
