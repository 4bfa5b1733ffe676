; What a C file defines and includes. Nesting is found from the positions.
(struct_specifier body: (_)) @type
(union_specifier body: (_)) @type
(enum_specifier body: (_)) @type
((struct_specifier !body) @forward . ";")
((union_specifier !body) @forward . ";")
((enum_specifier !body) @forward . ";")
(type_definition type: [(struct_specifier) (union_specifier) (enum_specifier)]) @typedef
(function_definition) @function
(declaration declarator: [(function_declarator) (pointer_declarator) (parenthesized_declarator)]) @declaration
; main() { } with neither type nor prototype, as before C99
((expression_statement (call_expression function: (identifier))) @untyped . (declaration)* . (compound_statement))
(preproc_function_def) @macro
(preproc_include path: (_) @include)
(ERROR) @error
(MISSING) @error
