"""Ruby: Bundler's `Gemfile`, gem specifications, Rake's tasks, and the `Podfile` of CocoaPods."""
