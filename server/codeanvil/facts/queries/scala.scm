; What a Scala file defines and imports. Nesting is found from the positions.
(package_clause) @package
(package_object) @class
(class_definition) @class
(object_definition) @class
(trait_definition) @trait
(enum_definition) @enum
(given_definition) @given
(function_definition) @function
(function_declaration) @function
(template_body [(function_definition) (function_declaration)] @member)
(with_template_body [(function_definition) (function_declaration)] @member)
(enum_body [(function_definition) (function_declaration)] @member)
(extension_definition [(function_definition) (function_declaration)] @extension)
(package_clause (template_body (function_definition) @top))
(structural_type (function_declaration) @refined)
(instance_expression) @anonymous
(template_body [(val_definition) (var_definition)] @named)
(compilation_unit [(val_definition) (var_definition)] @named)
(import_declaration) @import
(ERROR) @error
(MISSING) @error
