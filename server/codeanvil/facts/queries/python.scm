; What a Python file defines and imports. Nesting is found from the positions.
(class_definition) @class
(function_definition) @function
(import_statement) @import
(import_from_statement) @import
(future_import_statement) @import
(module . (comment)* . (expression_statement . (string) @doc))
(module (if_statement condition: (comparison_operator) @guard))
(ERROR) @error
(MISSING) @error
