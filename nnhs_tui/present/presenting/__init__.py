"""What a presentation shows besides: large type, the pointer, the presenter's own screen."""
