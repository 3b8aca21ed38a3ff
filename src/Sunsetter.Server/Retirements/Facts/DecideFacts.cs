namespace Sunsetter.Server.Retirements;

// What the decide stage records beside the common course.
