namespace Sunsetter.Server.Retirements;

// What the migrate stage records beside the common course.
