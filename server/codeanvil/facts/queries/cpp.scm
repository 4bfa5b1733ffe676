; What a C++ file defines and includes. Nesting is found from the positions.
(class_specifier body: (_)) @type
(struct_specifier body: (_)) @type
(union_specifier body: (_)) @type
(enum_specifier body: (_)) @type
((class_specifier !body) @forward . ";")
((struct_specifier !body) @forward . ";")
((union_specifier !body) @forward . ";")
((enum_specifier !body) @forward . ";")
(type_definition type: [(class_specifier) (struct_specifier) (union_specifier) (enum_specifier)]) @typedef
(namespace_definition) @namespace
(template_declaration) @template
(friend_declaration) @friend
(function_definition) @function
(declaration
  declarator: [
    (function_declarator) (pointer_declarator) (reference_declarator) (parenthesized_declarator)
    (operator_cast) (qualified_identifier) (init_declarator value: (argument_list))
  ]) @declaration
(field_declaration
  declarator: [
    (function_declarator) (pointer_declarator) (reference_declarator) (parenthesized_declarator) (operator_cast)
  ]) @declaration
(preproc_function_def) @macro
(preproc_include path: (_) @include)
(ERROR) @error
(MISSING) @error
