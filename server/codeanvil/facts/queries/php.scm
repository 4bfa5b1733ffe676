; What a PHP file defines and imports. Nesting is found from the positions.
(namespace_definition) @namespace
(class_declaration) @class
(interface_declaration) @interface
(trait_declaration) @trait
(enum_declaration) @enum
(anonymous_class) @anonymous
(base_clause) @bases
(class_interface_clause) @bases
(use_declaration) @bases
(function_definition) @function
(method_declaration) @method
(namespace_use_declaration) @use
(include_expression (_) @path)
(include_once_expression (_) @path)
(require_expression (_) @path)
(require_once_expression (_) @path)
(ERROR) @error
(MISSING) @error
