import type * as connection from '#client/net/connection'
import type * as page from '#client/pages/api'
import type * as minePage from '#client/pages/mine/mine-api'
import type * as server from '#server/http/shapes'
import type * as rides from '#server/http/shapes-rides'
import type { ReportList } from '#server/room/reports'

/**
 * The page may not see the server, so each has its own words for what goes between them; the compiler holds them together
 * here: what one side says is something the other understands. Nothing of this runs.
 */
type Understands<Heard, Said extends Heard> = [Heard, Said]

export type Answers = [
  Understands<connection.TokenAnswer, server.TokenAnswer>,
  Understands<page.Health, server.Health>,
  Understands<{ readonly worlds: readonly page.World[] }, server.WorldsAnswer>,
  Understands<page.Plan, server.PlanAnswer>,
  Understands<page.Meet, server.MeetAnswer>,
  Understands<page.Meet & { readonly key: string }, server.MeetCreated>,
  Understands<page.Track, server.TrackAnswer>,
  Understands<page.RaceEvent, server.EventAnswer>,
  Understands<page.EntryCreated, server.EntryCreated>,
  Understands<page.Board, server.BoardAnswer>,
  Understands<page.Results, server.ResultsAnswer>,
  Understands<server.EventPhase, page.EventPhase>,
  Understands<{ readonly rides: readonly minePage.RideItem[]; readonly before: number | null }, rides.RidesAnswer>,
  Understands<minePage.OneRide, rides.RideAnswer>,
  Understands<{ readonly ride: minePage.OneRide | null; readonly isWaiting: boolean }, rides.RideEnded>,
  Understands<page.RiderReports, ReportList>,
  Understands<minePage.RideRows, rides.RideRowsAnswer>,
  Understands<minePage.WhoAmI, rides.AccountAnswer>,
  Understands<{ readonly account: minePage.Me; readonly codes: readonly string[] }, rides.AccountCreated>,
  Understands<{ readonly friends: readonly minePage.Friend[] }, rides.FriendsAnswer>,
]
export type Questions = [
  Understands<server.EventBody, page.NewEvent>,
  Understands<server.MeetBody, page.NewMeet>,
  Understands<server.DecisionBody, page.Decision>,
]
