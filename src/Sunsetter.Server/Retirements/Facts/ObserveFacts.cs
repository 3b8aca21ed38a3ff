namespace Sunsetter.Server.Retirements;

// What the observe stage records beside the common course.
