// SPDX-License-Identifier: MIT
// What happens in the demo, by seconds since its start; it repeats.
#pragma once

#include <string_view>

#include "app/sim_host.hpp"
#include "app/site_host.hpp"

namespace jkp::app {

class DemoStory {
  public:
    // Applies what is due and returns the caption of the present chapter.
    std::string_view tell(SimHost& host, SiteHost& house, Duration since_start);

  private:
    int chapter_ = -1;
};

}  // namespace jkp::app
