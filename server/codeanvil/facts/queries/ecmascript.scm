; What JavaScript and TypeScript have in common. Nesting is found from the positions.
(class_declaration) @class
(class name: (_)) @class
(class !name) @anonymous
(class_body (method_definition) @method)
(object (method_definition) @member)
(object
  (pair
    value: [
      (arrow_function) (function_expression) (generator_function) (class) (parenthesized_expression)
    ]) @member)
(function_declaration) @function
(generator_function_declaration) @function
(function_expression name: (_)) @function
(generator_function name: (_)) @function
(variable_declarator
  name: (identifier)
  value: [
    (arrow_function) (function_expression) (generator_function) (class) (object) (parenthesized_expression)
    (assignment_expression)
  ]) @bound
(assignment_expression
  left: (member_expression)
  right: [
    (arrow_function) (function_expression) (generator_function) (class) (object) (parenthesized_expression)
    (assignment_expression)
  ]) @assigned
(assignment_expression
  left: (member_expression property: (property_identifier) @_prototype)
  right: [(call_expression) (new_expression) (member_expression) (identifier)]
  (#any-of? @_prototype "prototype" "__proto__")) @heir
(assignment_expression
  left: (member_expression object: (member_expression property: (property_identifier) @_prototype))
  (#eq? @_prototype "prototype")) @owned
(call_expression
  function: [(identifier) @_inherits (member_expression property: (property_identifier) @_inherits)]
  arguments: (arguments . (identifier) . [(identifier) (member_expression)]) @inherits
  (#any-of? @_inherits "inherits" "_inherits"))
(call_expression
  function: (member_expression property: (property_identifier) @_inherits)
  arguments: (arguments
    . (member_expression property: (property_identifier) @_prototype) . (member_expression)) @inherits
  (#eq? @_inherits "setPrototypeOf")
  (#eq? @_prototype "prototype"))
(arguments . (member_expression property: (property_identifier) @_prototype) @mixed . (object)
  (#eq? @_prototype "prototype"))
(export_statement "default" value: (_)) @default
(export_statement decorator: (decorator) @decorator)
(import_statement source: (string) @import)
(export_statement source: (string) @import)
(call_expression
  function: (identifier) @_require
  arguments: (arguments . [(string) (template_string)] @import)
  (#eq? @_require "require"))
(call_expression function: (import) arguments: (arguments . [(string) (template_string)] @import))
(call_expression
  function: (identifier) @_define
  arguments: (arguments (array (string) @import))
  (#any-of? @_define "define" "require" "requirejs"))
(program (if_statement condition: (_) @guard))
(ERROR) @error
(MISSING) @error
