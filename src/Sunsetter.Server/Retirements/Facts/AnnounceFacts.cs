namespace Sunsetter.Server.Retirements;

// What the announce stage records beside the common course.
