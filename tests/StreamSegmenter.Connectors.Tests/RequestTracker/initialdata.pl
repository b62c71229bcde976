# A queue with two custom fields, and a bot that may work in it.
@Queues = ({ Name => 'VIP' });
@CustomFields = (
  { Name => 'Push', Type => 'FreeformSingle', LookupType => 'RT::Queue-RT::Ticket', Queue => ['VIP'], MaxValues => 1 },
  { Name => 'Tags', Type => 'FreeformMultiple', LookupType => 'RT::Queue-RT::Ticket', Queue => ['VIP'] },
);
@Users = ({ Name => 'bot', Password => 'bot-s3cret', EmailAddress => 'bot@example.com', Privileged => 1 });
@ACL = map +{ Right => $_, Queue => 'VIP', UserId => 'bot', ObjectType => 'RT::Queue' },
  qw(SeeQueue ShowTicket CreateTicket ModifyTicket ReplyToTicket CommentOnTicket ShowTicketComments SeeCustomField
     ModifyCustomField SetInitialCustomField);
