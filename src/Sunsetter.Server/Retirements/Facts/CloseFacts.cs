namespace Sunsetter.Server.Retirements;

// What the close stage records beside the common course.
