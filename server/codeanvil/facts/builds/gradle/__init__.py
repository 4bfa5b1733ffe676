"""Gradle: build and settings scripts in Groovy and in Kotlin, version catalogues, properties, the wrapper."""
