; What a Java file defines and imports. Nesting is found from the positions.
(package_declaration) @package
(class_declaration) @class
(interface_declaration) @interface
(enum_declaration) @enum
(record_declaration) @record
(annotation_type_declaration) @annotation
(method_declaration) @method
(annotation_type_element_declaration) @method
(constructor_declaration) @constructor
(compact_constructor_declaration) @constructor
(object_creation_expression (class_body) @anonymous)
(enum_constant body: (_)) @named
(field_declaration declarator: (variable_declarator value: (_)) @named)
(constant_declaration declarator: (variable_declarator value: (_)) @named)
(import_declaration) @import
(ERROR) @error
(MISSING) @error
